using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Columns;

/// <summary>Lists, and maps as Arrow has them: lists of (key, value) structs. Append the elements to <see cref="Elements"/>, then <see cref="Append"/> the list they make.</summary>
internal sealed class ListBuilder : ColumnBuilder
{
    private int[] _offsets = new int[1024];

    public ListBuilder(ListType type)
        : base(type) => Elements = ColumnBuilders.Create(type.ValueDataType);

    public ListBuilder(MapType type)
        : base(type) => Elements = ColumnBuilders.Create(type.KeyValueType);

    public ColumnBuilder Elements { get; }

    /// <summary>Where the list being built begins in <see cref="Elements"/>.</summary>
    public int Start => _offsets[Length];

    /// <summary>Appends the list of all elements appended since the last list.</summary>
    public void Append()
    {
        AppendEmpty();
        MarkValid();
    }

    protected override void AppendEmpty()
    {
        if (Length + 1 >= _offsets.Length)
        {
            System.Array.Resize(ref _offsets, _offsets.Length * 2);
        }

        _offsets[Length + 1] = Elements.Length;
    }

    protected override ArrayData FinishValues(ArrowBuffer validity) =>
        new(Type, Length, NullCount, 0, [validity, NativeBuffers.Copy<int>(_offsets.AsSpan(0, Length + 1))], [Elements.Finish()]);
}
