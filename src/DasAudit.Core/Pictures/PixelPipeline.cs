using SkiaSharp;

namespace DasAudit.Core.Pictures;

/// <summary>The way from a file's bytes to pixels and hashes.</summary>
internal static class PixelPipeline
{
    // Raise it with every change of which files are read, of the pixels or hashes that come of them, or of the sentence
    // that says why a file is left out: what earlier versions kept is then not used.
    private const int Revision = 1;

    /// <summary>What is kept of pictures is of use to the same version alone.</summary>
    public static string Version { get; } = $"{Revision}, SkiaSharp {typeof(SKCodec).Assembly.GetName().Version}";
}
