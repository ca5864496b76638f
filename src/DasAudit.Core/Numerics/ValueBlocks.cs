using System.Runtime.Intrinsics;

namespace DasAudit.Core.Numerics;

/// <summary>The values at a block of positions, by four outputs, with zeros where the last four lack some.</summary>
/// <remarks>Benchmark: <c>gradients</c>.</remarks>
internal sealed unsafe class ValueBlocks : IDisposable
{
    private readonly int _length;
    private readonly AlignedMemory<float> _memory;

    /// <param name="positions">Most positions in a block.</param>
    public ValueBlocks(int outputs, int positions)
    {
        Outputs = outputs;
        Count = Units.Count(outputs, TileKernel.Outputs);
        _length = positions * TileKernel.Outputs;
        _memory = new((long)Count * _length, zeroed: false);
    }

    public int Outputs { get; }

    /// <summary>Number of fours.</summary>
    public int Count { get; }

    /// <summary>A four of values of each position, rows after each other.</summary>
    public float* this[int index] => _memory.Start + (long)index * _length;

    /// <summary>Copies a block; its rows lie <c>width</c> positions apart.</summary>
    public void Pack(float* values, int rows, int columns, int width)
    {
        for (var block = 0; block < Count; block++)
        {
            var target = this[block];
            var present = Math.Min(TileKernel.Outputs, Outputs - block * TileKernel.Outputs);
            for (var row = 0; row < rows; row++)
            {
                var source = values + (long)row * width * Outputs + block * TileKernel.Outputs;
                for (
                    var end = target + columns * TileKernel.Outputs;
                    target < end;
                    target += TileKernel.Outputs, source += Outputs
                )
                {
                    if (present == TileKernel.Outputs)
                        Vector128.Load(source).Store(target);
                    else
                        for (var i = 0; i < TileKernel.Outputs; i++)
                            target[i] = i < present ? source[i] : 0;
                }
            }
        }
    }

    public void Dispose() => _memory.Dispose();
}
