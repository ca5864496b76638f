using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using SkiaSharp;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Whether pictures can be written and read.</summary>
internal sealed class PicturesCheck(NativeLibraries libraries) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Name => "pictures";

    /// <inheritdoc/>
    public CheckResult Run(Invocation invocation)
    {
        libraries.Load("libSkiaSharp.so");
        var colour = new SKColor(200, 100, 50);
        using var picture = new SKBitmap(2, 2, SKColorType.Rgba8888, SKAlphaType.Opaque);
        picture.Erase(colour);
        var formats = new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp };
        var failed = formats.Where(format => !ComesBack(picture, colour, format)).ToList();
        return failed.Count == 0
            ? CheckResult.Ok("PNG, JPEG and WebP are written and read")
            : CheckResult.Fail(
                $"{string.Join(", ", failed)} does not come back as it was written",
                "install das-audit again"
            );
    }

    // JPEG and WebP lose a little.
    private static bool ComesBack(SKBitmap picture, SKColor colour, SKEncodedImageFormat format)
    {
        using var file = picture.Encode(format, 95);
        using var back = file is null ? null : SKBitmap.Decode(file);
        return back is { Width: 2, Height: 2 }
            && back.GetPixel(1, 1) is var found
            && Math.Abs(found.Red - colour.Red) <= 8
            && Math.Abs(found.Green - colour.Green) <= 8
            && Math.Abs(found.Blue - colour.Blue) <= 8;
    }
}
