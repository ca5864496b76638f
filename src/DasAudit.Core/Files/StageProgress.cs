namespace DasAudit.Core.Files;

/// <summary>How far a stage of a long job has come. Told often, from the working thread: be quick.</summary>
/// <param name="Stage">What is being done, as a person would say it: "hashing pictures".</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all; 0 when not known.</param>
/// <param name="Note">A figure worth seeing while waiting, such as the loss; null for none.</param>
public sealed record StageProgress(string Stage, long Done, long Total, string? Note = null)
{
    /// <summary>A sentence for the person who waits, not a stage; null for a stage.</summary>
    public string? Notice { get; private init; }

    /// <summary>Something that the person should know at once, such as what an input leaves open.</summary>
    /// <param name="sentence">With its full stop.</param>
    public static StageProgress Notify(string sentence) => new("", 0, 0) { Notice = sentence };
}

/// <summary>Ways to tell of progress.</summary>
public static class StageProgressExtensions
{
    /// <summary>Tells the person every sentence; one who is told twice sees it once.</summary>
    public static void Notify(this IProgress<StageProgress>? progress, IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
            progress?.Report(StageProgress.Notify(sentence));
    }
}
