using DasAudit.Core.Pictures;

namespace DasAudit.Core.Candidates;

/// <summary>Maps pictures to embeddings whose cosine says how alike they are in meaning.</summary>
public interface IImageEncoder : IDisposable
{
    /// <summary>Name for reports.</summary>
    string Name { get; }

    /// <summary>SHA-256 over the model file and the preprocessing settings, lower-case hexadecimal.</summary>
    string Sha256 { get; }

    /// <summary>Sentences that say what decides the numbers and no file states, so that it was assumed.</summary>
    IReadOnlyList<string> Assumptions => [];

    /// <summary>How pictures are prepared for the encoder, in one line; null if that is not told.</summary>
    string? Preprocessing => null;

    /// <summary>The file that says so, relative to the encoder, or the setting; null if that is not told.</summary>
    string? PreprocessingSource => null;

    /// <summary>The GPU that it runs on, such as <c>cuda:0</c>; null for the processor.</summary>
    string? Device => null;

    /// <summary>Length of an embedding.</summary>
    int Dimension { get; }

    /// <summary>Embeds pictures; the embedding of a picture does not depend on the others in the batch.</summary>
    /// <param name="pictures">Any sizes.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <returns>One row of <see cref="Dimension"/> values a picture, not normalised.</returns>
    IReadOnlyList<float[]> Encode(IReadOnlyList<Picture> pictures, CancellationToken cancellation);
}
