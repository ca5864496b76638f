namespace DasAudit.Clip;

/// <summary>What an image processor of transformers does with the size in its file.</summary>
internal enum SizeReading
{
    /// <summary>Resizes to it.</summary>
    Plain,

    /// <summary>Below 384 resizes the shortest edge to size / crop_pct and crops, from 384 on to a square.</summary>
    ConvNext,

    /// <summary>Resizes to size / crop_pct.</summary>
    PoolFormer,

    /// <summary>Resizes the shortest edge to 256/224 of it.</summary>
    Levit,

    /// <summary>Resizes to a multiple of ensure_multiple_of.</summary>
    Dpt,
}
