using DasAudit.Core.Attribution;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>Something that no method should fail.</summary>
internal interface ISanityCheck
{
    SanityCheck Description { get; }

    /// <summary>Checks methods.</summary>
    /// <returns>One finding a method, in their order.</returns>
    IReadOnlyList<SanityFinding> Check(IReadOnlyList<IAttributionMethod> methods);
}
