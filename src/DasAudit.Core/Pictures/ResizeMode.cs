namespace DasAudit.Core.Pictures;

/// <summary>How a picture of another size is made one of the model's.</summary>
public enum ResizeMode
{
    /// <summary>Resized until it just covers the model's size, then cut at the centre.</summary>
    Crop,

    /// <summary>Resized to the model's size, whatever that does to its proportions.</summary>
    Squash,

    /// <summary>Resized until it fits into the model's size, with black around it.</summary>
    Pad,

    /// <summary>As <see cref="Crop"/>, but to the shape of the nearest proportions that trainers use.</summary>
    Bucket,
}
