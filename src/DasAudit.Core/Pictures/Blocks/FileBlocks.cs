namespace DasAudit.Core.Pictures.Blocks;

/// <summary>The blocks of a picture file that may speak of rights; pixels are passed over.</summary>
/// <remarks>Read of PNG, JPEG, WebP and TIFF. Nothing is taken into memory that is not in the file.</remarks>
/// <param name="Blocks">In the order of the file.</param>
/// <param name="Problems">Why some could not be read: sentences about the file.</param>
internal sealed record FileBlocks(IReadOnlyList<PictureBlock> Blocks, IReadOnlyList<string> Problems)
{
    /// <summary>Whether the file may say anything of rights.</summary>
    public bool MayState => Blocks.Count > 0 || Problems.Count > 0;

    /// <summary>Reads them.</summary>
    /// <param name="file">Seekable, of any bytes.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileBlocks Read(Stream file)
    {
        var blocks = new BlockList();
        Span<byte> start = stackalloc byte[PictureFormat.SignatureLength];
        file.Position = 0;
        var format = PictureFormat.Detect(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
        var source = new BlockSource(file);
        if (format == PictureFormat.Png)
            PngBlocks.Read(source, blocks);
        else if (format == PictureFormat.Jpeg)
            JpegBlocks.Read(source, blocks);
        else if (format == PictureFormat.WebP)
            WebPBlocks.Read(source, blocks);
        else if (format == PictureFormat.Tiff)
            TiffBlocks.Read(source, blocks);
        return new(blocks.All, blocks.Problems);
    }
}
