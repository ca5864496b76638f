namespace DasAudit.Core.Attribution;

/// <summary>One way to say how much a query is owed to each of some training pictures.</summary>
public interface IAttributionMethod
{
    /// <summary>What it is, for people.</summary>
    MethodDescription Description { get; }

    /// <summary>What it must be given.</summary>
    MethodNeeds Needs { get; }

    /// <summary>Scores every member and decoy for every query.</summary>
    /// <param name="inputs">What <see cref="Needs"/> asks for.</param>
    /// <param name="options">Damping, residual, seed.</param>
    /// <param name="cancellation">Stops between replicates.</param>
    /// <exception cref="Abstractions.AuditException">The inputs do not allow it, with the remedy.</exception>
    internal MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation);
}
