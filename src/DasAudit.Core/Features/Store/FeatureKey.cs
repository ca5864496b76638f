using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Features.Store;

/// <summary>
/// The key of a picture's features: SHA-256 over the decoded pixels and, for conditional models, label and caption. How
/// it was resized and framed is part of it where that is not the usual. So the same picture is found in another
/// dataset, under another name and in another file format.
/// </summary>
/// <param name="High">Its first 16 bytes, big-endian.</param>
/// <param name="Low">Its last 16 bytes, big-endian.</param>
public readonly record struct FeatureKey(UInt128 High, UInt128 Low)
{
    /// <summary>Number of bytes.</summary>
    public const int Length = 32;

    /// <summary>
    /// The key of a picture: SHA-256 of the UTF-8 text <c>PIXELS\n</c>, with <c>label=LABEL\ncaption=CAPTION</c> after
    /// it if the model is conditional, a part without its <c>=</c> where there is none. Before the label stand
    /// <c>resize=MODE\n</c>, if pictures are not cropped, and <c>framing=HEIGHT,WIDTH,TOP,LEFT\n</c> of a
    /// condition's framing, with <c>,HEIGHT,WIDTH</c> of the bucket before its end where there is one.
    /// </summary>
    /// <param name="pixelSha256">See <see cref="Pictures.PixelHash"/>.</param>
    /// <param name="condition">What it is conditioned on; null for an unconditional model.</param>
    /// <param name="resize">How it is made one of the model's size.</param>
    public static FeatureKey Of(string pixelSha256, Condition? condition, ResizeMode resize = ResizeMode.Crop)
    {
        var text = pixelSha256 + "\n";
        if (resize != ResizeMode.Crop)
            text += $"resize={resize.ToString().ToLowerInvariant()}\n";
        if (condition?.Framing is { } framing)
        {
            text += string.Create(
                CultureInfo.InvariantCulture,
                $"framing={framing.OriginalHeight},{framing.OriginalWidth},{framing.CropTop},{framing.CropLeft}"
            );
            if (framing is { TargetHeight: { } height, TargetWidth: { } width })
                text += string.Create(CultureInfo.InvariantCulture, $",{height},{width}");
            text += "\n";
        }

        if (condition is not null)
        {
            text += condition.ClassLabel is { } label
                ? string.Create(CultureInfo.InvariantCulture, $"label={label}\n")
                : "label\n";
            text += condition.Caption is { } caption ? "caption=" + caption : "caption";
        }

        return Read(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The key of the same picture where only a region of it is looked at: SHA-256 of both keys.</summary>
    /// <param name="regionSha256">Of the region's weights.</param>
    internal FeatureKey InRegion(string regionSha256) =>
        Read(SHA256.HashData(Encoding.UTF8.GetBytes($"{this}\nregion={regionSha256}")));

    /// <summary>Reads 32 bytes.</summary>
    public static FeatureKey Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    /// <summary>Writes 32 bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x32}{Low:x32}");
}
