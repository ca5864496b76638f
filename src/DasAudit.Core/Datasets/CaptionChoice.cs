using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>Chooses one of the captions that each picture has, and says how.</summary>
/// <param name="order">The sources; the first that states a caption holds.</param>
internal sealed class CaptionChoice(IReadOnlyList<CaptionSource> order)
{
    private readonly List<UnreadableCaption> _unreadable = [];
    private readonly PictureExamples _inCaptionFiles = new();
    private readonly PictureExamples _inTextFiles = new();
    private readonly PictureExamples _contradictions = new();
    private readonly PictureExamples _moreLines = new();
    private readonly PictureExamples _empty = new();

    /// <summary>Caption files that were to be taken and cannot be read.</summary>
    public IReadOnlyList<UnreadableCaption> Unreadable => _unreadable;

    /// <summary>What was decided without being asked for.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (_inCaptionFiles.Count > 0)
                yield return $"{_inCaptionFiles.Have} the caption that a .caption file beside the picture holds, first "
                    + $"'{_inCaptionFiles.First}'.";
            if (_inTextFiles.Count > 0)
                yield return $"{_inTextFiles.Have} the caption that a .txt file beside the picture holds, first "
                    + $"'{_inTextFiles.First}'.";
            if (_contradictions.Count > 0)
                yield return $"{_contradictions.Have} several captions that differ, first '{_contradictions.First}'; "
                    + $"what stands first of {string.Join(", ", order.Select(source => source.Name()))} was taken; "
                    + $"{Settings.Name("caption-source")} takes one of them alone.";
            if (_moreLines.Count > 0)
                yield return $"{_moreLines.Have} a caption file with several lines, first '{_moreLines.First}'; the "
                    + "first line with text was taken, as kohya's trainer does.";
            if (_empty.Count > 0)
                yield return $"{_empty.Have} an empty caption file, first '{_empty.First}'; it counts as the empty "
                    + "caption.";
        }
    }

    /// <summary>The sources in their usual order, or the one that the options ask for.</summary>
    /// <param name="filesFirst">Whether files hold before metadata of which no column is asked for.</param>
    public static CaptionChoice Of(TrainingSetOptions options, bool filesFirst)
    {
        if (options.Captions.Source is { } only)
            return new([only]);
        CaptionSource[] files = [CaptionSource.CaptionFile, CaptionSource.TextFile];
        return new(
            filesFirst && options.Captions.Column is null
                ? [.. files, CaptionSource.Metadata]
                : [CaptionSource.Metadata, .. files]
        );
    }

    /// <summary>A picture's metadata with the caption that holds, and with none if it has none.</summary>
    public PictureMetadata Choose(StatedCaptions stated, PictureMetadata metadata)
    {
        var source = SourceOf(stated);
        var text = source is { } chosen ? TextOf(stated, chosen) : null;
        if (text == metadata.Caption && (text is null || source == metadata.CaptionSource))
            return metadata;
        return metadata with { Caption = text, CaptionSource = text is null ? null : source };
    }

    private CaptionSource? SourceOf(StatedCaptions stated)
    {
        var sources = order.Where(source => TextOf(stated, source) is not null || IsUnreadable(stated, source));
        List<CaptionSource> there = [.. sources];
        if (there.Count == 0)
            return null;
        var first = there[0];
        if (IsUnreadable(stated, first))
        {
            _unreadable.Add(new(stated.Picture, stated.FileOf(first)!.Problem!));
            return null;
        }

        Count(stated, first);
        var text = TextOf(stated, first);
        if (there.Skip(1).Any(source => TextOf(stated, source) is { } second && second != text))
            _contradictions.Add(stated.Picture);
        return first;
    }

    private void Count(StatedCaptions stated, CaptionSource source)
    {
        if (stated.FileOf(source) is not { } file)
            return;
        var counted = source == CaptionSource.CaptionFile ? _inCaptionFiles : _inTextFiles;
        counted.Add(stated.Picture);
        if (file.HasMoreLines)
            _moreLines.Add(stated.Picture);
        if (file.Text is "")
            _empty.Add(stated.Picture);
    }

    private static string? TextOf(StatedCaptions stated, CaptionSource source) =>
        source == CaptionSource.Metadata ? stated.InMetadata : stated.FileOf(source)?.Text;

    private static bool IsUnreadable(StatedCaptions stated, CaptionSource source) =>
        stated.FileOf(source)?.Problem is not null;
}
