using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>The pictures among which an audit looks: members first, then decoys, which the model never saw.</summary>
internal sealed class PicturePool : IPictureSet
{
    private PicturePool(TrainingSet members, TrainingSet? decoys, IReadOnlyList<TrainingItem> items)
    {
        Members = members;
        Decoys = decoys;
        Items = items;
    }

    public TrainingSet Members { get; }

    /// <summary>The pictures that it never saw, numbered from 0 as they were read; null for none.</summary>
    public TrainingSet? Decoys { get; }

    /// <summary>Members as they are, then decoys: numbered on, with paths that begin with <c>decoys/</c>.</summary>
    public IReadOnlyList<TrainingItem> Items { get; }

    public ResizeMode Resize => Members.Resize;

    /// <summary>What was decided in reading them.</summary>
    public IEnumerable<string> Notes => [.. Members.Notes, .. Decoys?.Notes ?? []];

    /// <summary>What was decided in reading their captions.</summary>
    public IEnumerable<string> CaptionNotes => [.. Members.Captions.Notes, .. Decoys?.Captions.Notes ?? []];

    public static PicturePool Of(TrainingSet members) => new(members, null, members.Items);

    /// <summary>A pool with decoys; refuses a decoy that is a training picture, pixel for pixel.</summary>
    /// <param name="decoySource">What messages call their place: <see cref="DecoySource.Describe"/>.</param>
    public static PicturePool Of(TrainingSet members, TrainingSet decoys, string decoySource)
    {
        RefuseMembers(decoys, members, decoySource);
        var count = members.Items.Count;
        var items = decoys.Items.Select(item => item with { Index = count + item.Index, Path = $"decoys/{item.Path}" });
        return new(members, decoys, [.. members.Items, .. items]);
    }

    public bool IsMember(TrainingItem item) => item.Index < Members.Items.Count;

    public Picture Read(TrainingItem item)
    {
        if (IsMember(item))
            return Members.Read(item);
        var decoys = Decoys ?? throw new ArgumentException("The pool does not hold this picture.", nameof(item));
        return decoys.Read(decoys.Items[item.Index - Members.Items.Count]);
    }

    private static void RefuseMembers(TrainingSet decoys, TrainingSet members, string decoySource)
    {
        var membersByPixels = members.Items.ToLookup(item => item.PixelSha256);
        var decoy = decoys.Items.FirstOrDefault(item => membersByPixels.Contains(item.PixelSha256));
        if (decoy is not null)
            throw new AuditException(
                $"The decoy '{decoy.Path}' is the training picture "
                    + $"'{membersByPixels[decoy.PixelSha256].First().Path}'; "
                    + $"decoys must be pictures that the model never saw, so take it out of {decoySource}."
            );
    }
}
