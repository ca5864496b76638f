using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>Which captions pictures are read with.</summary>
public sealed record CaptionOptions
{
    /// <summary>
    /// The column of metadata that holds captions; null (the default) for caption, else text, else prompt.
    /// </summary>
    public string? Column { get; init; }

    /// <summary>
    /// The only source that captions are taken from; null (the default) for metadata, else files beside the pictures,
    /// else, if no picture has one, the names of kohya's folders. In tar files, files hold before metadata.
    /// </summary>
    public CaptionSource? Source { get; init; }

    /// <summary>Whether they are for a model; if so, it is refused that only some pictures have one.</summary>
    public bool Needed { get; init; }

    /// <summary>What happens if only some pictures have a caption; default refuse, if they are needed.</summary>
    public MissingCaptions Missing { get; init; }

    /// <summary>Refuses a column of metadata beside another source, which has no columns.</summary>
    /// <exception cref="AuditException">Both are asked for.</exception>
    public void Check()
    {
        if (Column is not null && Source is { } source and not CaptionSource.Metadata)
            throw new AuditException(
                $"{Settings.Name("caption-column")} names a column of metadata, and {Settings.Name("caption-source")} "
                    + $"takes captions from {source.Name()} alone; leave one of the two out."
            );
    }
}
