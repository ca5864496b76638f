namespace DasAudit.Abstractions;

/// <summary>The face of an <see cref="IDiffusionModel"/> whose prediction depends on a class or a text.</summary>
public interface IConditioned
{
    /// <summary>What conditions say.</summary>
    ConditionKind Kind { get; }

    /// <summary>
    /// What the model was trained to take for no condition at all, for guidance; default null: it knows none.
    /// </summary>
    Condition? Unconditional => null;

    /// <summary>Encodes what each picture is conditioned on.</summary>
    /// <param name="conditions">One a sample.</param>
    /// <returns>One row a condition, for <see cref="IDiffusionModel.Predict"/>; the caller disposes it.</returns>
    /// <exception cref="AuditException">A condition lacks what this model needs, or is out of range.</exception>
    ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions);

    /// <summary>
    /// Plain sentences, each with its full stop, on what is lost of a condition, such as the end of a prompt that is
    /// too long. Default: nothing is.
    /// </summary>
    IReadOnlyList<string> Notes(Condition condition) => [];
}
