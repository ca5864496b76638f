using DasAudit.Core.Datasets.Metadata;

namespace DasAudit.Core.Datasets;

/// <summary>What all records of one picture say together.</summary>
/// <param name="Place">Where the first of them stands.</param>
/// <param name="Metadata">Without the label.</param>
/// <param name="Label">As written.</param>
internal sealed record MetadataRow(MetadataPlace Place, PictureMetadata Metadata, string? Label)
{
    /// <summary>Whether a record states other captions than the one that was taken.</summary>
    public bool StatesOtherCaptions { get; private init; }

    /// <summary>What one record says.</summary>
    /// <param name="captions">The columns with captions.</param>
    /// <param name="shared">Keeps what many records say.</param>
    public static MetadataRow Of(MetadataRecord record, CaptionColumns captions, SharedTexts shared)
    {
        var caption = captions.CaptionOf(record, out var statesOthers);
        var rights = new Rights
        {
            License = shared.Share(record.All("license")),
            RightsHolder = shared.Share(record.All("rights_holder")),
            Author = shared.Share(record.All("author")),
            Source = record.All("source"),
        };
        var metadata = new PictureMetadata
        {
            Rights = shared.Share(rights),
            Title = record.All("title"),
            Caption = caption,
            CaptionSource = caption is null ? null : CaptionSource.Metadata,
            Split = shared.Share(record.Single("split")),
            IsListed = true,
            Place = record.Place,
        };
        return new(record.Place, metadata, shared.Share(record.Single("label"))) { StatesOtherCaptions = statesOthers };
    }

    /// <summary>This row and another one of the same picture; of title and caption the first holds.</summary>
    /// <exception cref="AuditException">They contradict each other in rights, split or label.</exception>
    public MetadataRow With(MetadataRow row, string picture)
    {
        var (first, second) = (Metadata, row.Metadata);
        var rights = new Rights
        {
            License = Agreed("license", first.Rights.License, second.Rights.License),
            RightsHolder = Agreed("rights_holder", first.Rights.RightsHolder, second.Rights.RightsHolder),
            Author = Agreed("author", first.Rights.Author, second.Rights.Author),
            Source = Agreed("source", first.Rights.Source, second.Rights.Source),
        };
        var metadata = first with
        {
            Rights = rights,
            Title = first.Title ?? second.Title,
            Caption = first.Caption ?? second.Caption,
            CaptionSource = first.CaptionSource ?? second.CaptionSource,
            Split = Agreed("split", first.Split, second.Split),
        };
        return new(Place, metadata, Agreed("label", Label, row.Label))
        {
            StatesOtherCaptions = StatesOtherCaptions || row.StatesOtherCaptions,
        };

        string? Agreed(string column, string? one, string? two) =>
            one is null || two is null || one == two
                ? one ?? two
                : throw row.Place.Wrong(
                    $"names '{picture}' a second time, with the {column} '{two}', but {Place.Beside(row.Place)} gives "
                        + $"it '{one}'; keep what is right"
                );
    }
}
