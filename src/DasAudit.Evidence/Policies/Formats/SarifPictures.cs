using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Policies.Formats;

/// <summary>The pictures of a log, each once, and what attaches them to results.</summary>
internal sealed class SarifPictures(FindingPictures pictures)
{
    private readonly List<SarifArtifact> _artifacts = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <summary>All that were attached so far; null for none.</summary>
    internal IReadOnlyList<SarifArtifact>? Artifacts => _artifacts.Count == 0 ? null : _artifacts;

    /// <summary>The attachments of a finding; null for none.</summary>
    internal IReadOnlyList<SarifAttachment>? Attach(FindingSubject subject)
    {
        List<SarifAttachment> attachments =
        [
            .. pictures
                .Of(subject)
                .Select(picture => new SarifAttachment(new(VisibleText.Of(picture.Shows)), new(Place(picture.Png)))),
        ];
        return attachments.Count == 0 ? null : attachments;
    }

    private int Place(byte[] png)
    {
        var content = Convert.ToBase64String(png);
        if (_places.TryGetValue(content, out var place))
            return place;
        _artifacts.Add(new("image/png", new(png)));
        return _places[content] = _artifacts.Count - 1;
    }
}
