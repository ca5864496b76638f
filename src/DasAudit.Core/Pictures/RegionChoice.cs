using System.Globalization;
using DasAudit.Core.Files;

namespace DasAudit.Core.Pictures;

/// <summary>The part of a picture that somebody asks about: a rectangle, or the bright pixels of a mask.</summary>
/// <remarks>Pixels are counted in the upright picture, as a viewer shows it, from its left upper corner.</remarks>
public sealed record RegionChoice
{
    // What is made of these alone is meant as numbers, and is no file's name.
    private const string OfNumbers = "0123456789,.+-;:x×%/ ";

    private RegionChoice(CropWindow? window, string? mask) => (Window, Mask) = (window, mask);

    /// <summary>The rectangle; null for a mask.</summary>
    public CropWindow? Window { get; }

    /// <summary>The file of the mask, as given; null for a rectangle.</summary>
    public string? Mask { get; }

    /// <summary>Reads <c>X,Y,WIDTH,HEIGHT</c> in pixels, or the path of a mask.</summary>
    /// <exception cref="AuditException">It is neither.</exception>
    public static RegionChoice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.All(OfNumbers.Contains))
            return new(null, text);
        var numbers = text.Split(',').Select(Number).ToArray();
        return numbers is [{ } left, { } top, > 0 and { } width, > 0 and { } height]
            ? new(new CropWindow(left, top, width, height), null)
            : throw new AuditException(
                $"'{text}' is no region; write X,Y,WIDTH,HEIGHT in whole pixels of the picture, such as 40,0,64,32, or "
                    + "name a mask, a picture of the same size that is white where the region is."
            );
    }

    /// <summary>The pixels of a picture that are meant.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="name">The picture, for messages.</param>
    /// <param name="resolve">Makes a path as given absolute.</param>
    /// <exception cref="AuditException">It does not fit the picture, or the mask cannot be used.</exception>
    internal PictureRegion Of(int width, int height, string name, Func<string, string> resolve) =>
        Window is { } window ? OfWindow(window, width, height, name) : OfMask(Mask!, width, height, name, resolve);

    private static PictureRegion OfWindow(CropWindow window, int width, int height, string name) =>
        window.LiesWithin(width, height)
            ? PictureRegion.Rectangle(window, width, height)
            : throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The region {window.Left},{window.Top},{window.Width},{window.Height} does not lie within "
                        + $"'{name}', "
                        + $"which measures {width}×{height}; give a {Settings.Name("region")} inside it."
                )
            );

    private static PictureRegion OfMask(string path, int width, int height, string name, Func<string, string> resolve)
    {
        // What is transparent in a mask is not in the region.
        var mask = PictureReader.Read(resolve(path), path, background: PictureBackground.Black);
        if (mask.Picture.Width != width || mask.Picture.Height != height)
            throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The mask '{path}' measures {mask.Picture.Width}×{mask.Picture.Height} and '{name}' "
                        + $"{width}×{height}; give a mask of the picture's size."
                )
            );
        return PictureRegion.OfMask(mask, path)
            ?? throw new AuditException(
                $"The mask '{path}' is black all over, so no pixel is in the region; make it white where the region is."
            );
    }

    private static int? Number(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
