using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Files;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Methods.Retrained;

/// <summary>
/// The coefficients of a ridge regression of the query's loss under retrained models on what each was trained on, with
/// the sign turned (Ilyas et al., ICML 2022): s(z, ·) = −argmin_w Σ_S (f_S(z) − w₀ − wᵀ1_S)² + α·‖w‖², α by
/// cross-validation over five folds of the models. Decoys, and pictures that all models saw or none, score 0.
/// </summary>
internal sealed class DatamodelMethod : IAttributionMethod
{
    private const int Folds = 5;

    private static readonly double[] Alphas = [0.1, 1, 10, 100, 1000, 10000];

    public MethodDescription Description { get; } =
        new("datamodel", "Datamodel", "Ilyas et al., ICML 2022", $"models retrained with {Settings.Name("part")}")
        {
            OwnDamping = "cross-validation over 5 parts of the retrained models",
            Scores = new(
                "How much training on the training picture lowers the error on the audited picture, by a linear fit "
                    + "to the errors of all retrained models at once; below 0, how much it raises it.",
                LargerMeans: "the error on the audited picture falls more when the training picture is trained on",
                Direction: ScoreDirection.Sign,
                Noise: ScoreNoise.Averaged,
                Scale: "In units of the training loss, made smaller by the fit's penalty.",
                IncludeDecoys: false
            ),
        };

    public MethodNeeds Needs { get; } = new() { RetrainedModels = Folds };

    /// <returns>The scores, with α of each query as its damping.</returns>
    public MethodScores Score(MethodInputs inputs, MethodOptions options, CancellationToken cancellation)
    {
        TorchThreads.Use(1);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var models = RetrainedModels.Of(inputs, Description.Id, Needs.RetrainedModels);
        var memberships = stack(models.Memberships.Select(membership => tensor(membership))).to_type(float64);
        var losses = stack(models.Losses.Select(ofQueries => tensor(ofQueries)));
        var gram = memberships.matmul(memberships.t());
        var errors = Alphas.Select(alpha => SquaredErrors(gram, losses, alpha)).ToList();
        double[] chosen = [.. Enumerable.Range(0, inputs.Queries).Select(q => Alphas[LeastError(errors, q)])];
        return new([.. chosen.Select((alpha, q) => Coefficients(losses.narrow(1, q, 1), alpha))], chosen);

        QueryScores Coefficients(Tensor lossesOfQuery, double alpha)
        {
            // w = (X − X̄)ᵀ·c
            var (c, _) = Fit(gram, lossesOfQuery, alpha);
            var coefficients = c.t().matmul(memberships - memberships.mean([0L], keepdim: true));
            return RetrainedModels.Scores(coefficients.neg().contiguous().data<double>(), inputs.Scored);
        }
    }

    private static int LeastError(List<double[]> errors, int query) =>
        errors.IndexOf(errors.MinBy(ofQueries => ofQueries[query])!);

    // Squared errors of each query on the models left out, folds in order.
    private static double[] SquaredErrors(Tensor gram, Tensor losses, double alpha)
    {
        using var scope = NewDisposeScope();
        var count = (int)losses.shape[0];
        var total = zeros([losses.shape[1]], dtype: float64);
        for (var fold = 0; fold < Folds; fold++)
        {
            var start = fold * count / Folds;
            var end = (fold + 1) * count / Folds;
            var left = arange(start, end);
            var kept = cat([arange(0, start), arange(end, count)]);
            var known = gram.index_select(0, kept);
            var (c, mean) = Fit(known.index_select(1, kept), losses.index_select(0, kept), alpha);
            // ⟨x − x̄, x_S − x̄⟩ of each model left out and each model S kept.
            var cross = Centred(known.index_select(1, left).t(), known.index_select(1, kept));
            total += (mean + cross.matmul(c) - losses.index_select(0, left)).square().sum([0L]);
        }

        return [.. total.data<double>()];
    }

    // c = (G + αI)⁻¹·(y − ȳ), G the inner products of the memberships less their mean.
    private static (Tensor Coefficients, Tensor Mean) Fit(Tensor gram, Tensor losses, double alpha)
    {
        var mean = losses.mean([0L], keepdim: true);
        return (linalg.solve(Centred(gram, gram) + alpha * eye(gram.shape[0], dtype: float64), losses - mean), mean);
    }

    // Inner products [m, n] of m vectors with n, the mean of the n taken off all.
    private static Tensor Centred(Tensor products, Tensor gram) =>
        products - products.mean([1L], keepdim: true) - gram.mean([0L], keepdim: true) + gram.mean();
}
