namespace DasAudit.Abstractions;

/// <summary>What a picture is conditioned on.</summary>
/// <param name="ClassLabel">Class index from 0; null if the picture has none.</param>
/// <param name="Caption">Text, a prompt; null if the picture has none.</param>
public sealed record Condition(int? ClassLabel, string? Caption)
{
    /// <summary>No condition at all, as guidance needs it: not the same as an empty prompt for every model.</summary>
    public static Condition None { get; } = new(null, null) { IsNone = true };

    /// <summary>Whether it is no condition at all; class and caption do not count then.</summary>
    public bool IsNone { get; init; }

    /// <summary>How the picture was cut, for models that are told; null for a whole one of the model's size.</summary>
    public PictureFraming? Framing { get; init; }
}
