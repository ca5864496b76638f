using static TorchSharp.torch;

namespace DasAudit.Core.Models;

/// <summary>A picture and its condition as tensors on a model's device.</summary>
/// <param name="Clean">x₀ in the space that the network denoises: [1, C, H, W], or [K, C, H, W] if followed.</param>
/// <param name="Condition">First dimension 1; null if unconditional.</param>
/// <param name="Region">float32 [1, 1, H, W]; null for all of the sample.</param>
internal sealed record EncodedPicture(Tensor Clean, ConditionTensors? Condition, Tensor? Region) : IDisposable
{
    /// <summary>Equal for pictures that fit into one batch.</summary>
    public string Shapes
    {
        get
        {
            var conditions = Condition?.Names.Select(name => $"{name} {Text(Condition[name])}") ?? [];
            var region = Region is null ? "whole" : "region";
            return $"{Text(Clean[..1])} {region} {string.Join(' ', conditions)}";

            static string Text(Tensor tensor) => string.Join('×', tensor.shape);
        }
    }

    /// <summary>The same, no longer in a dispose scope.</summary>
    public EncodedPicture Detached()
    {
        Clean.DetachFromDisposeScope();
        Region?.DetachFromDisposeScope();
        foreach (var name in Condition?.Names ?? [])
            Condition![name].DetachFromDisposeScope();
        return this;
    }

    public void Dispose()
    {
        Clean.Dispose();
        Condition?.Dispose();
        Region?.Dispose();
    }
}
