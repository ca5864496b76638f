namespace DasAudit.Core.Evaluation.Ensembles;

/// <summary>
/// Exact counterfactuals of an ensemble (Dai and Gifford, 2026). The ensemble predicts the mean of its M members.
/// Without some pictures it would predict the mean of the M₀ members that never saw any of them:
/// <para>Δ = E‖ε̄ − ε̄₀‖² = (M₁/M)²·E‖ε̄₁ − ε̄₀‖², M₁ = M − M₀.</para>
/// </summary>
/// <param name="gram">Of the residuals of a query; see <see cref="Retraining.ResidualGrams"/>.</param>
internal sealed class MemberMean(double[,] gram)
{
    /// <summary>M.</summary>
    public int Members => gram.GetLength(0);

    /// <summary>The simple loss of the ensemble.</summary>
    public double Loss => Sums([.. Enumerable.Repeat(false, Members)]).Unseen / Members / Members;

    /// <summary>What leaving some pictures out does.</summary>
    /// <param name="saw">Which members saw one of them at least; two or more did and two or more did not.</param>
    public CounterfactualEffect Without(IReadOnlyList<bool> saw)
    {
        var sums = Sums(saw);
        double seen = saw.Count(member => member);
        var unseen = Members - seen;
        var (withinSeen, withinUnseen) = (sums.Seen / seen / seen, sums.Unseen / unseen / unseen);
        var between = withinSeen - 2 * sums.Across / seen / unseen + withinUnseen;
        // What the means of so many members differ by chance.
        var varianceSeen = (sums.SeenDiagonal - sums.Seen / seen) / (seen - 1);
        var varianceUnseen = (sums.UnseenDiagonal - sums.Unseen / unseen) / (unseen - 1);
        var chance = varianceSeen / seen + varianceUnseen / unseen;
        var part = seen / Members * (seen / Members);
        return new(part * between, part * (between - chance), between / (1 / seen + 1 / unseen), withinUnseen - Loss);
    }

    private MemberSums Sums(IReadOnlyList<bool> saw)
    {
        double seen = 0;
        double across = 0;
        double unseen = 0;
        double seenDiagonal = 0;
        double unseenDiagonal = 0;
        for (var m = 0; m < Members; m++)
        {
            if (saw[m])
                seenDiagonal += gram[m, m];
            else
                unseenDiagonal += gram[m, m];
            for (var n = 0; n < Members; n++)
                if (saw[m] != saw[n])
                    across += gram[m, n] / 2;
                else if (saw[m])
                    seen += gram[m, n];
                else
                    unseen += gram[m, n];
        }

        return new(seen, across, unseen, seenDiagonal, unseenDiagonal);
    }

    private readonly record struct MemberSums(
        double Seen,
        double Across,
        double Unseen,
        double SeenDiagonal,
        double UnseenDiagonal
    );
}

/// <summary>What leaving some pictures out does to what an ensemble makes of a query.</summary>
/// <param name="Change">Δ, the mean squared change of the prediction, exactly that of this ensemble.</param>
/// <param name="Unbiased">
/// Δ less what it would be on average if the pictures did nothing, since members differ by chance too; may be negative.
/// </param>
/// <param name="Standardised">
/// E‖ε̄₁ − ε̄₀‖²/(1/M₁ + 1/M₀), which is comparable between pictures that different numbers of members saw.
/// </param>
/// <param name="LossRise">The rise of the ensemble's simple loss.</param>
internal sealed record CounterfactualEffect(double Change, double Unbiased, double Standardised, double LossRise);
