using DasAudit.Core.Attribution;
using DasAudit.Core.Files;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>
/// Checks what no attribution method should fail, most of it without training a model again: see the checks.
/// </summary>
public sealed class SanityEvaluation(TimeProvider time, IProgress<StageProgress>? progress)
{
    private const int FewestPictures = 8;

    /// <summary>Checks; null where only a share of the models was to be trained.</summary>
    /// <exception cref="AuditException">The request cannot be carried out.</exception>
    public SanityResult? Run(SanityRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        Refuse(request);
        using var court = EvaluationCourt.Open(
            request.Common,
            time,
            progress,
            cancellation,
            trains: request.Subsets > 0
        );
        if (court.Members.Items.Count < FewestPictures)
            throw new AuditException(
                $"A ranking of fewer than {FewestPictures} pictures cannot be checked; '{court.Members.Path}' holds "
                    + $"{court.Members.Items.Count}."
            );
        var nonMembers = new NonMembersCheck(court, request.Subsets);
        return nonMembers.Train() ? Check(request, court, nonMembers) : null;
    }

    private static void Refuse(SanityRequest request)
    {
        MethodNeeds.RefuseEmbeddings(request.Common.Audit.Options.Methods, "and no encoder looks at planted pictures");
        if (request.Subsets is > 0 and < SanityRequest.FewestSubsets)
            throw new AuditException(
                $"Fewer than {SanityRequest.FewestSubsets} models cannot tell whether p-values are uniform; give more "
                    + $"{Settings.Name("subsets")}, or 0 to train none."
            );
    }

    private static SanityResult Check(SanityRequest request, EvaluationCourt court, NonMembersCheck nonMembers)
    {
        var scores = new RealScores(court);
        var common = request.Common;
        var bootstrap = court.Bootstrap;
        using var ground = new PlantedGround(court);
        ISanityCheck[] checks =
        [
            new WeightsCheck(court, scores, bootstrap),
            new DifferentQueriesCheck(scores, bootstrap),
            new NoiseCheck(scores, bootstrap, court.Members.Items.Count),
            new CopiesCheck(court, ground),
            new CanariesCheck(court, ground),
            new ForeignCheck(court, ground),
            nonMembers,
        ];
        var findings = checks.Select(check => check.Check(court.Methods)).ToList();
        return new()
        {
            ModelSha256 = court.ModelSha256,
            DatasetRoot = court.Members.Root,
            Pictures = court.Members.Items.Count,
            Generated = court.Generated.Count,
            HeldOut = court.HeldOut.Count,
            Replicates = common.Audit.Options.Gradients.Replicates,
            Subsets = request.Subsets,
            Checks = [.. checks.Select(check => check.Description)],
            Methods =
            [
                .. court.Methods.Select(
                    (method, place) =>
                        new MethodSanity(method.Description.Id, [.. findings.Select(ofCheck => ofCheck[place])])
                ),
            ],
        };
    }
}
