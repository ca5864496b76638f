namespace DasAudit.Core.Pictures.Blocks;

/// <summary>A block of a picture file that may say whose the picture is, and what may be done with it.</summary>
/// <param name="Name">What people call it, such as <c>EXIF Copyright</c>.</param>
/// <param name="Bytes">What it holds, without the file format's frame.</param>
internal sealed record PictureBlock(BlockKind Kind, string Name, byte[] Bytes);
