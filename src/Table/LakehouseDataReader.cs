using System.Collections;
using System.Data;
using System.Data.Common;
using Apache.Arrow;
using OllaLab.Lakehouse.Rows;

namespace OllaLab.Lakehouse;

/// <summary>
/// Rows of a table as a <see cref="DbDataReader"/>, for code that speaks ADO.NET (bulk copies, data tables, mappers). Streams: one Arrow batch is held at a time.
/// </summary>
/// <remarks>
/// <see cref="GetValue"/> gives: whole numbers, float, double, bool, string as such; decimal as <see cref="decimal"/> (an error where it has too few digits); binary as byte[];
/// date as <see cref="DateOnly"/>; time as <see cref="TimeOnly"/>; timestamp as <see cref="DateTime"/> of kind UTC, local timestamp of kind unspecified; arrays as
/// <see cref="List{T}"/>; maps as dictionaries by text; structs as dictionaries by field name. <see cref="GetFieldValue{T}"/> also gives the types that rows can be read into.
/// Failures are <see cref="LakehouseException"/>.
/// </remarks>
public sealed class LakehouseDataReader : DbDataReader, IDbColumnSchemaGenerator
{
    private readonly Schema _schema;
    private readonly IAsyncEnumerator<RecordBatch> _batches;
    private readonly Accessor[] _values;
    private readonly Dictionary<Type, Accessor>[] _typed;
    private RecordBatch? _batch;
    private int _row = -1;
    private bool _closed;
    private bool _hasRows;
    private bool _started;

    internal LakehouseDataReader(IAsyncEnumerable<RecordBatch> batches, Schema schema, CancellationToken cancellationToken = default)
    {
        _schema = schema;
        _batches = batches.GetAsyncEnumerator(cancellationToken);
        _values = [.. schema.FieldsList.Select(f => Accessors.Create(NaturalTypes.Of(f.DataType), f.DataType, Where(f)))];
        _typed = [.. _values.Select(_ => new Dictionary<Type, Accessor>())];
    }

    /// <inheritdoc/>
    public override int FieldCount => _values.Length;

    /// <inheritdoc/>
    public override int Depth => 0;

    /// <inheritdoc/>
    public override bool HasRows
    {
        get
        {
            if (!_started)
            {
                Advance().AsTask().GetAwaiter().GetResult();
            }

            return _hasRows;
        }
    }

    /// <inheritdoc/>
    public override bool IsClosed => _closed;

    /// <summary>Always -1: reading changes nothing.</summary>
    public override int RecordsAffected => -1;

    /// <inheritdoc/>
    public override object this[int ordinal] => GetValue(ordinal);

    /// <inheritdoc/>
    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <inheritdoc/>
    public override bool Read() => ReadAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_started)
        {
            await Advance();
        }

        _row++;
        while (_batch is not null && _row >= _batch.Length)
        {
            await Advance();
            _row = 0;
        }

        return _batch is not null;
    }

    /// <summary>Always false: there is one result.</summary>
    public override bool NextResult() => false;

    /// <inheritdoc/>
    public override void Close() => CloseAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async Task CloseAsync()
    {
        if (!_closed)
        {
            _closed = true;
            _batch?.Dispose();
            _batch = null;
            await _batches.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync() => await CloseAsync();

    /// <inheritdoc/>
    public override bool IsDBNull(int ordinal) => Current(_values[ordinal]).IsNull(_row);

    /// <inheritdoc/>
    public override object GetValue(int ordinal) => Current(_values[ordinal]).Box(_row) ?? DBNull.Value;

    /// <inheritdoc/>
    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (int i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    /// <summary>A value in a type of the caller's; a null gives the default of a type that has null, and is an error for others.</summary>
    public override T GetFieldValue<T>(int ordinal)
    {
        if (!_typed[ordinal].TryGetValue(typeof(T), out var accessor))
        {
            var field = _schema.GetFieldByIndex(ordinal);
            accessor = Accessors.Create<T>(field.DataType, Where(field));
            if (_batch is not null)
            {
                accessor.Bind(_batch.Column(ordinal));
            }

            _typed[ordinal][typeof(T)] = accessor;
        }

        return ((Accessor<T>)Current(accessor)).Get(_row);
    }

    /// <inheritdoc/>
    public override bool GetBoolean(int ordinal) => GetFieldValue<bool>(ordinal);

    /// <inheritdoc/>
    public override byte GetByte(int ordinal) => GetFieldValue<byte>(ordinal);

    /// <inheritdoc/>
    public override short GetInt16(int ordinal) => GetFieldValue<short>(ordinal);

    /// <inheritdoc/>
    public override int GetInt32(int ordinal) => GetFieldValue<int>(ordinal);

    /// <inheritdoc/>
    public override long GetInt64(int ordinal) => GetFieldValue<long>(ordinal);

    /// <inheritdoc/>
    public override float GetFloat(int ordinal) => GetFieldValue<float>(ordinal);

    /// <inheritdoc/>
    public override double GetDouble(int ordinal) => GetFieldValue<double>(ordinal);

    /// <inheritdoc/>
    public override decimal GetDecimal(int ordinal) => GetFieldValue<decimal>(ordinal);

    /// <inheritdoc/>
    public override string GetString(int ordinal) => GetFieldValue<string>(ordinal);

    /// <inheritdoc/>
    public override Guid GetGuid(int ordinal) => GetFieldValue<Guid>(ordinal);

    /// <inheritdoc/>
    public override DateTime GetDateTime(int ordinal) => GetFieldValue<DateTime>(ordinal);

    /// <inheritdoc/>
    public override char GetChar(int ordinal) => GetString(ordinal) is { Length: 1 } text ? text[0] : throw RowErrors.OutOfRange(GetString(ordinal), nameof(Char), Where(_schema.GetFieldByIndex(ordinal)));

    /// <inheritdoc/>
    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => Part(GetFieldValue<byte[]>(ordinal), dataOffset, buffer, bufferOffset, length);

    /// <inheritdoc/>
    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => Part(GetString(ordinal).ToCharArray(), dataOffset, buffer, bufferOffset, length);

    /// <inheritdoc/>
    public override string GetName(int ordinal) => _schema.GetFieldByIndex(ordinal).Name;

    /// <summary>The column of a name, exact or in another case.</summary>
    /// <exception cref="IndexOutOfRangeException">There is none.</exception>
    public override int GetOrdinal(string name)
    {
        var fields = _schema.FieldsList;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < fields.Count; i++)
            {
                if (string.Equals(fields[i].Name, name, pass == 0 ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
            }
        }

        throw new IndexOutOfRangeException($"There is no column \"{name}\".");
    }

    /// <inheritdoc/>
    public override Type GetFieldType(int ordinal) => NaturalTypes.Of(_schema.GetFieldByIndex(ordinal).DataType);

    /// <summary>The column's type in the words of schemas, for example <c>decimal(12,2)</c>.</summary>
    public override string GetDataTypeName(int ordinal) => Text.TypeNames.Describe(_schema.GetFieldByIndex(ordinal).DataType);

    /// <inheritdoc/>
    public System.Collections.ObjectModel.ReadOnlyCollection<DbColumn> GetColumnSchema() => new([.. _schema.FieldsList.Select((f, i) => new ReaderColumn(f, i))]);

    /// <inheritdoc/>
    public override DataTable GetSchemaTable() => ReaderColumn.Table(GetColumnSchema());

    /// <inheritdoc/>
    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }
    }

    private static string Where(Field field) => $"Column \"{field.Name}\"";

    private static long Part<T>(T[] whole, long from, T[]? buffer, int bufferOffset, int length)
    {
        if (buffer is null)
        {
            return whole.Length;
        }

        var count = (int)Math.Max(0, Math.Min(length, whole.Length - from));
        System.Array.Copy(whole, from, buffer, bufferOffset, count);
        return count;
    }

    private Accessor Current(Accessor accessor) => _batch is not null && _row >= 0
        ? accessor
        : throw new InvalidOperationException("There is no current row: call Read first, and stop when it returns false.");

    private async ValueTask Advance()
    {
        _started = true;
        _batch?.Dispose();
        _batch = null;
        while (await _batches.MoveNextAsync())
        {
            if (_batches.Current.Length == 0)
            {
                _batches.Current.Dispose();
                continue;
            }

            _batch = _batches.Current;
            _hasRows = true;
            for (int i = 0; i < _values.Length; i++)
            {
                _values[i].Bind(_batch.Column(i));
                foreach (var accessor in _typed[i].Values)
                {
                    accessor.Bind(_batch.Column(i));
                }
            }

            return;
        }
    }
}
