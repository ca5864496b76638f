using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods.Das;
using DasAudit.Core.Candidates;
using DasAudit.Core.Features;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Audits;

/// <summary>How an audit is done: everything that decides its figures beside its inputs.</summary>
public sealed record AuditOptions
{
    private const int UsualTop = 20;

    /// <summary>The methods: the first makes the report, the others stand beside it. Default DAS.</summary>
    public IReadOnlyList<IAttributionMethod> Methods { get; init; } = [new DasMethod()];

    /// <summary>Damping and residual.</summary>
    public MethodOptions Method { get; init; } = new();

    /// <summary>How candidates are found; their seed is that of <see cref="Gradients"/>.</summary>
    public CandidateOptions Candidates { get; init; } = new();

    /// <summary>
    /// How many random training pictures that are no candidates are in the kernel too, together weighing as much as all
    /// that are none; null for all of them, default 0. They are not scored.
    /// </summary>
    public int? Background { get; init; } = 0;

    /// <summary>How gradients are taken.</summary>
    public GradientOptions Gradients { get; init; } = new();

    /// <summary>How features of very many pictures are worked with; threads are <see cref="AuditMachine"/>'s.</summary>
    public StreamingOptions Streaming { get; init; } = new();

    /// <summary>What shares are summed by. Default rights holder.</summary>
    public GroupKey GroupBy { get; init; } = GroupKey.RightsHolder;

    /// <summary>How many attributions a report lists, at least 1; null for all. Default 20.</summary>
    public int? Top { get; init; } = UsualTop;

    /// <summary>The part of each audited picture that is asked about; default null: all of it.</summary>
    public RegionChoice? Region { get; init; }

    /// <summary>Size of the set of pictures to seek that the query is owed to most; default 0: no search.</summary>
    public int Subset { get; init; }

    // Lists of all pictures say nothing of what is among the first.
    internal int EvidenceTop => Top ?? UsualTop;

    internal IAttributionMethod ReportedMethod => Methods[0];

    internal int Listed(int candidates) => Math.Min(Top ?? candidates, candidates);
}
