using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>Holds shares against one truth.</summary>
internal sealed class HoldoutMeasure
{
    /// <summary>What order at random is called.</summary>
    public const string Chance = "random order";

    private readonly HoldoutTruth _truth;
    private readonly IReadOnlyList<string> _keys;
    private readonly HoldoutBootstrap _bootstrap;
    private readonly QueryBootstrap _resampling;
    private readonly IReadOnlyList<int> _queries;

    /// <param name="keys">The groups.</param>
    /// <param name="draws">Bootstrap draws.</param>
    public HoldoutMeasure(HoldoutTruth truth, IReadOnlyList<string> keys, int draws, long seed)
    {
        (_truth, _keys) = (truth, keys);
        _bootstrap = new(truth, draws, seed);
        _queries = [.. Enumerable.Range(0, truth.BySeed[0].Length)];
        _resampling = new(_queries.Count, draws, seed);
    }

    /// <summary>The methods under the truth.</summary>
    public HoldoutTarget Of(IReadOnlyList<NamedShares> methods)
    {
        var equal = Enumerable.Repeat(new double[_keys.Count], _queries.Count).ToList();
        var measured = methods
            .Select(method => Ordering(method.Name, method.Damping, method.Shares))
            .Append(Ordering(Chance, null, equal))
            .ToList();
        return new(
            _truth.Name,
            _truth.Meaning,
            [.. _keys.Select((key, group) => new HoldoutEffect(key, _bootstrap.Changes(group).Mean(_queries)))],
            _truth.Floor is { } floor ? _resampling.Mean(floor) : null,
            SeedAgreement(),
            [.. measured.Select(method => method.Score(_queries))],
            [.. measured.Skip(1).Select(method => method.Above(measured[0], _queries))]
        );
    }

    private MeasuredOrder Ordering(string name, string? damping, IReadOnlyList<double[]> shares) =>
        new(
            name,
            damping,
            _bootstrap.Of(shares, GroupRanking.Top),
            _bootstrap.Of(shares, GroupRanking.Gain),
            _bootstrap.Of(shares, GroupRanking.Spearman)
        );

    private double? SeedAgreement()
    {
        var seeds = _truth.BySeed;
        var pairs = Enumerable
            .Range(0, seeds.Length)
            .SelectMany(a => Enumerable.Range(a + 1, seeds.Length - a - 1).Select(b => (A: seeds[a], B: seeds[b])))
            .ToList();
        return pairs.Count == 0
            ? null
            : pairs.Average(pair => _queries.Average(q => Ranking.Spearman(pair.A[q], pair.B[q])));
    }

    private sealed record MeasuredOrder(
        string Name,
        string? Damping,
        BootstrapDraws Top,
        BootstrapDraws Gain,
        BootstrapDraws Spearman
    )
    {
        public HoldoutScore Score(IReadOnlyList<int> queries) =>
            new(Name, Top.Mean(queries), Gain.Mean(queries), Spearman.Mean(queries), Damping);

        public HoldoutDifference Above(MeasuredOrder other, IReadOnlyList<int> queries) =>
            new(
                Name,
                other.Name,
                Top.Above(other.Top, queries),
                Gain.Above(other.Gain, queries),
                Spearman.Above(other.Spearman, queries)
            );
    }
}
