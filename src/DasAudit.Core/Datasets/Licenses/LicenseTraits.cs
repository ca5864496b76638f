namespace DasAudit.Core.Datasets.Licenses;

/// <summary>What a licence asks for or allows, in coarse terms.</summary>
[Flags]
internal enum LicenseTraits
{
    /// <summary>The table does not know it.</summary>
    Unknown = 0,

    /// <summary>No conditions, or none that matter here.</summary>
    PublicDomain = 1,

    /// <summary>Who made it must be named, or the notice kept.</summary>
    Attribution = 2,

    /// <summary>What is made of it must be shared alike.</summary>
    ShareAlike = 4,

    /// <summary>Not for commercial use.</summary>
    NonCommercial = 8,

    /// <summary>Nothing may be made of it.</summary>
    NoDerivatives = 16,

    /// <summary>What is made of it must come with its source, under the same licence.</summary>
    Copyleft = 32,

    /// <summary>Written for software.</summary>
    Software = 64,

    /// <summary>For computation on the data alone.</summary>
    ComputationOnly = 128,
}
