using DasAudit.Core.Attribution.Damping;

namespace DasAudit.Core.Attribution.Methods;

/// <summary>One way to say how much a query is owed to each of some training pictures.</summary>
public interface IAttributionMethod
{
    /// <summary>What it is, for people.</summary>
    MethodDescription Description { get; }

    /// <summary>What it must be given.</summary>
    MethodNeeds Needs { get; }

    /// <summary>Scores every row for every query.</summary>
    /// <param name="inputs">What <see cref="Needs"/> asks for.</param>
    /// <param name="options">Damping, residual, seed.</param>
    /// <param name="cancellation">Stops between replicates.</param>
    /// <exception cref="Abstractions.AuditException">The inputs do not allow it, with the remedy.</exception>
    MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation);
}

/// <summary>What <c>methods list</c> says of a method.</summary>
/// <param name="Id">As <c>--method</c> takes it.</param>
/// <param name="Title">Its name in the field.</param>
/// <param name="Source">Who published it, where.</param>
/// <param name="Cost">What it costs beside das, in a few words.</param>
/// <param name="LargerMeans">What a larger score means.</param>
public sealed record MethodDescription(string Id, string Title, string Source, string Cost, string LargerMeans)
{
    /// <summary>The rule that chooses λ where none is asked for; null for methods without a kernel to damp.</summary>
    public IDampingRule? Damping { get; init; }
}
