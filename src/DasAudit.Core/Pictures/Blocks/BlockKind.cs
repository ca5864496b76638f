namespace DasAudit.Core.Pictures.Blocks;

/// <summary>What a block of a picture file holds.</summary>
internal enum BlockKind
{
    /// <summary>An XMP packet.</summary>
    Xmp,

    /// <summary>Photoshop's resources, in which IPTC-IIM stands.</summary>
    Photoshop,

    /// <summary>IPTC-IIM records.</summary>
    Iptc,

    /// <summary>A text on whose the picture is, of EXIF or PNG.</summary>
    Text,

    /// <summary>A C2PA manifest store: JUMBF boxes.</summary>
    C2pa,
}
