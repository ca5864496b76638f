using static TorchSharp.torch;

namespace DasAudit.Abstractions;

/// <summary>The face of an <see cref="IDiffusionModel"/> whose prediction depends on a class or a text.</summary>
public interface IConditioned
{
    /// <summary>Whether every condition needs a <see cref="Condition.ClassLabel"/>.</summary>
    bool NeedsClassLabel { get; }

    /// <summary>Encodes what each picture is conditioned on.</summary>
    /// <param name="conditions">One a sample.</param>
    /// <returns>One row a condition, for <see cref="IDiffusionModel.Predict"/>; the caller disposes it.</returns>
    /// <exception cref="AuditException">A condition lacks what this model needs, or is out of range.</exception>
    Tensor EncodeConditions(IReadOnlyList<Condition> conditions);
}

/// <summary>What a picture is conditioned on.</summary>
/// <param name="ClassLabel">Class index from 0; null if the picture has none.</param>
/// <param name="Caption">Text; null if the picture has none.</param>
public sealed record Condition(int? ClassLabel, string? Caption);
