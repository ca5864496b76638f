using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DasAudit.Core.Features;

/// <summary>One block of features in memory, in the form in which it was read.</summary>
internal sealed class BlockBuffer(IFeatureBlocks source)
{
    /// <summary>About the size of a block: it stays in a core's second cache beside the queries.</summary>
    public const int UsualBytes = 128 << 10;

    // Room after the values, which vector loads may touch.
    private const int Slack = 64;
    private byte[] _values = [];
    private float[] _scales = [];

    /// <summary>The row that the block begins with.</summary>
    public int First { get; private set; }

    public int Rows { get; private set; }

    public ReadOnlySpan<byte> Values => _values;

    /// <summary>A factor a row.</summary>
    public ReadOnlySpan<float> Scales => _scales.AsSpan(0, Rows);

    public void Read(int block)
    {
        First = source.FirstRow(block);
        Rows = source.FirstRow(block + 1) - First;
        var bytes = checked(Rows * source.Dimension * (source.Half ? sizeof(short) : sizeof(float)));
        if (_values.Length < bytes + Slack)
            _values = GC.AllocateUninitializedArray<byte>(bytes + Slack, pinned: true);
        if (_scales.Length < Rows)
            Array.Resize(ref _scales, Rows);
        source.Read(block, _values.AsSpan(0, bytes), _scales.AsSpan(0, Rows));
    }

    /// <summary>Fills <paramref name="rows"/> with <see cref="Rows"/>·k float32 values.</summary>
    public void Restore(Span<float> rows)
    {
        var k = source.Dimension;
        if (!source.Half)
        {
            MemoryMarshal.Cast<byte, float>(_values.AsSpan(0, rows.Length * sizeof(float))).CopyTo(rows);
        }
        else
        {
            TensorPrimitives.ConvertToSingle(
                MemoryMarshal.Cast<byte, Half>(_values.AsSpan(0, rows.Length * sizeof(short))),
                rows
            );
        }

        for (var r = 0; r < Rows; r++)
        {
            if (_scales[r] == 1)
                continue;
            var row = rows.Slice(r * k, k);
            TensorPrimitives.Multiply(row, _scales[r], row);
        }
    }
}
