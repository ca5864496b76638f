using System.Globalization;
using System.Numerics.Tensors;
using DasAudit.Core.Audits;
using DasAudit.Core.Candidates;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation;

/// <summary>Queries as models of a study generate them again, and how far apart their pictures are.</summary>
/// <param name="shape">Of the model's pictures.</param>
internal sealed class RegeneratedQueries(
    StudyPictures pictures,
    IReadOnlyList<AuditQuery> queries,
    ImageShape shape,
    AuditStages stages
)
{
    /// <summary>
    /// How many queries the audited model generates again as they are, to the pixel; if not all, people are told.
    /// </summary>
    public int CountReproduced()
    {
        var generated = pictures.OfAudited(stages.Progress, stages.Cancellation);
        var count = queries
            .Zip(generated)
            .Count(pair => pair.First.Picture.Picture.PixelSha256 == PixelHash.Compute(pair.Second));
        if (count < queries.Count)
            stages.Progress.Notify([
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Of {queries.Count} pictures the model generates {count} again as they are; the others come from "
                        + $"other settings, so that pictures from the same seeds are compared instead of them; "
                )
                    + $"{Settings.Name("sampling-steps")}, {Settings.Name("sampler")}, {Settings.Name("eta")} and "
                    + $"{Settings.Name("guidance")} say how pictures were generated that do not state it.",
            ]);
        return count;
    }

    /// <summary>Generates what is missing of the jobs' models, which are finished.</summary>
    public void Generate(IReadOnlyList<RetrainingJob> jobs) =>
        pictures.Generate(jobs, stages.Progress, stages.Cancellation);

    /// <summary>The distance of each query's picture from that of another model: L2 over values in [−1, 1].</summary>
    public double[] Distances(RetrainingJob job, RetrainingJob reference) =>
        [.. Values(job).Zip(Values(reference), (a, b) => (double)TensorPrimitives.Distance<float>(a, b))];

    /// <summary>1 − the cosine of the embeddings of each query's picture and that of another model.</summary>
    public double[] EncoderDistances(RetrainingJob job, RetrainingJob reference, IImageEncoder encoder) =>
        [.. Embeddings(job, encoder).Zip(Embeddings(reference, encoder), (a, b) => 1 - Cosine(a, b))];

    private IEnumerable<float[]> Values(RetrainingJob job) =>
        pictures.Of(job).Select(picture => PictureTensor.ToValues(picture, shape));

    private IReadOnlyList<float[]> Embeddings(RetrainingJob job, IImageEncoder encoder) =>
        encoder.Encode(pictures.Of(job), stages.Cancellation);

    private static double Cosine(float[] a, float[] b)
    {
        var cosine = TensorPrimitives.CosineSimilarity<float>(a, b);
        return float.IsNaN(cosine) ? 0 : Math.Clamp(cosine, -1, 1);
    }
}
