namespace DasAudit.Abstractions;

/// <summary>
/// The face of an <see cref="IDiffusionModel"/> beside which training kept earlier states of it in the family's own
/// way, for methods that look back at training. The tool knows by itself those that its own <c>train</c> keeps.
/// </summary>
public interface ICheckpointed
{
    /// <summary>The earlier states, in the order of training.</summary>
    IReadOnlyList<ModelCheckpoint> Checkpoints { get; }
}
