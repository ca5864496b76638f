using System.Globalization;
using DasAudit.Core.Models;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Audits;

/// <summary>What a report says on captions, prompts and sizes of pictures, where the model takes captions.</summary>
internal sealed class TextLimits(AuditMaterial material)
{
    // Hashing a large checkpoint takes its time, and reports of several pictures ask.
    private readonly Lazy<string> _knownBy = new(() => material.Model.Source.KnownBy(material.Model.Model));

    /// <summary>In sentences; none for a model that takes no captions.</summary>
    public IEnumerable<string> Of(AuditQuery query)
    {
        if (!material.Model.Model.TakesCaptions())
            return [];
        var picture = query.Picture.Picture.Picture;
        var claims = query.Picture.Prompt.Facts is { } facts
            ? GenerationClaims.Check(facts, material.Model.Source, () => _knownBy.Value, picture.Width, picture.Height)
            : [];
        return [.. material.Pool.CaptionNotes.Distinct(), .. OtherSizes(), .. query.Picture.Prompt.Notes, .. claims];
    }

    private IEnumerable<string> OtherSizes()
    {
        var (items, shape) = (material.Pool.Members.Items, material.Plan.Shape);
        var resized = items.Count(item => item.Width != shape.Width || item.Height != shape.Height);
        if (resized == 0)
            yield break;
        var resize = material.Plan.Request.Inputs.DatasetOptions.Resize;
        var were = resized == 1 ? "was" : "were";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{resized} of {items.Count} training pictures {were} not {shape.Width}×{shape.Height} and {were} "
        )
            + (
                resize == ResizeMode.Bucket
                    ? "cut to the nearest proportions of kohya's default buckets; trainers with other buckets, or that "
                        + "cut pictures at random, showed the model other parts of them."
                    : $"made so ({resize.ToString().ToLowerInvariant()}); trainers that cut pictures at random, or "
                        + "sort them by their proportions, showed the model other parts of them."
            );
    }
}
