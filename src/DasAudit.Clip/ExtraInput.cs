using Microsoft.ML.OnnxRuntime;

namespace DasAudit.Clip;

/// <summary>An integer input that is fed one constant row.</summary>
/// <param name="IsWide">Whether it is int64 rather than int32.</param>
/// <param name="Shape">One token unless the graph fixes more.</param>
/// <param name="Value">Every value: 1 for masks, token 0 otherwise.</param>
internal sealed record ExtraInput(string Name, bool IsWide, long[] Shape, int Value)
{
    /// <summary>The caller disposes it.</summary>
    public OrtValue ToTensor()
    {
        var count = checked((int)Shape.Aggregate(1L, (product, length) => product * length));
        if (!IsWide)
            return OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(Value, count).ToArray(), Shape);
        return OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat((long)Value, count).ToArray(), Shape);
    }
}
