using DasAudit.Core.Attribution;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Sanity;

/// <summary>Whether rankings depend on the picture that is asked about; see <see cref="QueryAgreement"/>.</summary>
internal sealed class DifferentQueriesCheck(RealScores scores, QueryBootstrap bootstrap) : ISanityCheck
{
    private const string Id = "queries";

    public SanityCheck Description { get; } =
        new(
            Id,
            "Does the ranking depend on the picture that is asked about?",
            "Mean rank correlation of a query's ranking with those of the other queries; passes where the interval is "
                + "below the threshold, from which on rankings are alike."
        );

    public IReadOnlyList<SanityFinding> Check(IReadOnlyList<IAttributionMethod> methods) => [.. methods.Select(Check)];

    private SanityFinding Check(IAttributionMethod method)
    {
        var rankings = scores.Of(method).Select(query => query.Mean).ToList();
        var agreements = rankings.Select((_, query) => Agreement(rankings, query)).OfType<double>().ToList();
        if (agreements.Count == 0)
            return SanityFinding.NotApplicable(Id, "It takes two queries and ten training pictures to tell.");
        var figure = bootstrap.Mean(agreements);
        return SanityFinding.Of(
            Id,
            figure.High < QueryAgreement.Alike,
            figure,
            QueryAgreement.Alike,
            "It ranks the training pictures alike whatever picture it is asked about, so that its scores say nothing "
                + "of a single one."
        );
    }

    private static double? Agreement(IReadOnlyList<double[]> rankings, int query) =>
        QueryAgreement.Of([rankings[query], .. rankings.Where((_, place) => place != query)])?.Spearman;
}
