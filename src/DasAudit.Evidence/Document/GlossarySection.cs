using DasAudit.Core.Attribution.Scores;

namespace DasAudit.Evidence.Document;

/// <summary>The technical words of a report, for people who have not met them before.</summary>
internal static class GlossarySection
{
    internal static Section Of(AuditReport report) => new("Glossary", new Definitions([.. Terms(report)]));

    private static IEnumerable<Definition> Terms(AuditReport report)
    {
        var scores = ScoreInfo.Of(report.Method);
        yield return new(
            "Training picture",
            "A picture of the dataset that was named as the one the model was trained on."
        );
        yield return new("Candidate", "A training picture that was scored. Those that were not have no figures here.");
        yield return new(
            "Diffusion model",
            "A model that makes pictures by taking noise away step by step. Its network, the noise predictor, says at "
                + "each step what of a noisy picture is noise."
        );
        if (scores.LooksAtModel)
            foreach (var term in Passes(scores))
                yield return term;
        yield return new("Seed", "The number that all random numbers come from. The same seed gives the same ones.");
        yield return new(
            "SHA-256",
            "A number made of all bytes of a file. A file with another content has another one, so it says which file "
                + "was meant."
        );
        yield return new("Merkle root", "One such number over the names and contents of all pictures of the dataset.");
        yield return new("Adapter", "The part of the program that knows how to load this family of models.");
    }

    private static IEnumerable<Definition> Passes(ScoreInfo scores)
    {
        yield return new(
            "Timestep",
            "How much noise a picture has when the model is asked about it: little near 0, almost nothing else near "
                + "the largest."
        );
        if (scores.Noise != ScoreNoise.None)
            yield return new("Noise draw, replicate", "One independent drawing of that noise.");
        if (!scores.LooksAtGradients)
            yield break;
        yield return new(
            "Gradient",
            "How the model’s output would change with each of its parameters. Pictures with alike gradients teach a "
                + "model alike things."
        );
        if (scores.Projects)
            yield return new("Projection", "A random shortening of gradients that keeps how alike they are.");
        yield return new(
            "Damping",
            "A number that keeps directions which hold only noise from counting. What other values would give is "
                + "stated where it matters."
        );
    }
}
