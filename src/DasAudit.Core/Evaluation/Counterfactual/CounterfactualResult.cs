using System.Globalization;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Counterfactual;

/// <summary>What generated pictures become without the training pictures that methods put first.</summary>
public sealed record CounterfactualResult : EvaluationResult
{
    /// <inheritdoc/>
    public override string Schema => "das-audit/counterfactual/1";

    /// <inheritdoc/>
    public override string Setting =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Fraction} of the training pictures left out, {QueryWords(Queries.Count, 0)}, "
                + $"{Removals[^1].Models.Count} random draws, training seeds {string.Join(", ", TrainingSeeds)}"
        );

    /// <inheritdoc/>
    public override IReadOnlyList<EvaluationFinding> Findings =>
        [
            .. Measures[0]
                .Tests.Where(test => test.B == Removal.Random)
                .Select(test => new EvaluationFinding(test.A, Sentence(test))),
        ];

    /// <summary>Of the training pictures, as asked for.</summary>
    public required double Fraction { get; init; }

    /// <summary>Different pictures that were left out for it.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Paths of the generated pictures.</summary>
    public required IReadOnlyList<string> Queries { get; init; }

    /// <summary>
    /// How many of them the audited model generates again to the pixel: the others were sampled in another way than
    /// they state or was assumed.
    /// </summary>
    public required int Reproduced { get; init; }

    /// <summary>Training seeds, over which changes are averaged.</summary>
    public required IReadOnlyList<long> TrainingSeeds { get; init; }

    /// <summary>Models that were looked at.</summary>
    public required int Models { get; init; }

    /// <summary>Which model each method's choice for each query led to, with the first training seed.</summary>
    public required IReadOnlyList<RemovalModels> Removals { get; init; }

    /// <summary>The change of the picture first.</summary>
    public required IReadOnlyList<CounterfactualMeasure> Measures { get; init; }

    private string Sentence(PairedTest test)
    {
        var changes = Measures[0].Changes.ToDictionary(change => change.Removal, change => change.Mean.Value);
        var figures =
            $"{Figure(changes[test.A])} against {Figure(changes[test.B])} for random ones (L2 over {Queries.Count} "
            + $"pictures, p = {test.PValue.ToString("0.000", CultureInfo.InvariantCulture)})";
        var verdict = (test.IsEstablished, test.Difference.Value > 0) switch
        {
            (true, true) => "more than at random",
            (true, false) => "less than at random",
            _ => "more than at random: not established",
        };
        return $"Without the {LeftOut} training pictures that {test.A} puts first for a picture, training and "
            + $"generating again changes it {verdict}; {figures}.";
    }
}

/// <summary>The models of a removal.</summary>
/// <param name="Removal">The method's id, or <see cref="Counterfactual.Removal.Random"/>.</param>
/// <param name="Models">Folders in the study, by query; of random removals, by draw.</param>
public sealed record RemovalModels(string Removal, IReadOnlyList<string> Models);

/// <summary>Changes in one sense.</summary>
/// <param name="Measure"><c>pixel-l2</c>, <c>encoder</c> or <c>output</c>.</param>
/// <param name="Meaning">A sentence.</param>
/// <param name="Changes">
/// Of the methods in their order, of random removals, and of nothing but another training seed.
/// </param>
/// <param name="Tests">Each method's change against that of random removals, then against the first method's.</param>
public sealed record CounterfactualMeasure(
    string Measure,
    string Meaning,
    IReadOnlyList<RemovalChange> Changes,
    IReadOnlyList<PairedTest> Tests
);

/// <summary>How far queries change.</summary>
/// <param name="Removal">Whose choice was left out.</param>
/// <param name="Mean">Over queries.</param>
/// <param name="Median">Over queries.</param>
/// <param name="Controls">
/// Mean change of all other queries where what was chosen for one was left out; null for what is not chosen by query.
/// </param>
/// <param name="Specificity">A query's own change against that of the others in the same model; null likewise.</param>
/// <param name="ByQuery">The change of each query.</param>
public sealed record RemovalChange(
    string Removal,
    Interval Mean,
    Interval Median,
    Interval? Controls,
    PairedTest? Specificity,
    IReadOnlyList<double> ByQuery
);

/// <summary>Whether one change is larger than another, paired by query.</summary>
/// <param name="Difference">Mean of a − b.</param>
/// <param name="PValue">Wilcoxon's signed-rank test, two-sided.</param>
public sealed record PairedTest(string A, string B, Interval Difference, double PValue)
{
    private const double Level = 0.05;

    /// <summary>Whether the interval is clear of 0 and the p-value at most 0.05.</summary>
    public bool IsEstablished => (Difference.Low > 0 || Difference.High < 0) && PValue <= Level;
}
