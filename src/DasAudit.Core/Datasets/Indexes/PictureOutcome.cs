namespace DasAudit.Core.Datasets.Indexes;

/// <summary>What reading a picture came to: either what it is or why it is left out.</summary>
internal sealed record PictureOutcome
{
    private PictureOutcome(PictureFacts? facts, string? problem) => (Facts, Problem) = (facts, problem);

    /// <summary>What it is; null if it is left out.</summary>
    public PictureFacts? Facts { get; }

    /// <summary>Why it is left out, one sentence; null if it is not.</summary>
    public string? Problem { get; }

    public static PictureOutcome Read(PictureFacts facts) => new(facts, null);

    public static PictureOutcome Skipped(string problem) => new(null, problem);
}
