using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Numerics;
using static TorchSharp.torch;

namespace DasAudit.Core.Projections;

/// <summary>
/// The two random matrices of one weight: Left is P_O [first dimension, O], Right is P_I [other dimensions, I]. Their
/// entries are ±1/√rank, a function of seed, name and place alone, so that E‖P_OᵀG·P_I‖² = ‖G‖²; a side no longer than
/// its rank is kept as it is. Never stored.
/// </summary>
internal sealed class LograFactors
{
    private readonly string _key;
    private readonly int _rows;
    private readonly int _columns;

    /// <param name="shape">The weight's shape; at least two dimensions.</param>
    public LograFactors(LograRanks ranks, long seed, string name, long[] shape)
    {
        _key = FormattableString.Invariant($"logra {seed} {name}");
        _rows = (int)shape[0];
        _columns = (int)shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        Outputs = Math.Min(ranks.Outputs, _rows);
        Inputs = Math.Min(ranks.Inputs, _columns);
    }

    /// <summary>Columns of <see cref="Left"/>.</summary>
    public int Outputs { get; }

    /// <summary>Columns of <see cref="Right"/>.</summary>
    public int Inputs { get; }

    public int Coordinates => Outputs * Inputs;

    public Tensor Left(Device device) => Matrix("outputs", _rows, Outputs).to(device);

    public Tensor Right(Device device) => Matrix("inputs", _columns, Inputs).to(device);

    /// <summary>P_OᵀG·P_I of a whole gradient G, which LoGra's layer rules never form; float32 [O, I].</summary>
    public Tensor Of(Tensor gradient) =>
        Left(gradient.device).t().mm(gradient.reshape(_rows, _columns)).mm(Right(gradient.device));

    private Tensor Matrix(string side, int length, int rank)
    {
        if (rank == length)
            return eye(length);
        var stream = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{_key} {side}")));
        var value = (float)(1 / Math.Sqrt(rank));
        var entries = new float[length * rank];
        for (var n = 0; n < entries.Length; n++)
            entries[n] = (long)SplitMix.Mix(stream + (ulong)n * SplitMix.Step) < 0 ? -value : value;
        return tensor(entries, [length, rank]);
    }
}
