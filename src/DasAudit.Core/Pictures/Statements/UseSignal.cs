using System.Text.Json.Serialization;

namespace DasAudit.Core.Pictures.Statements;

/// <summary>A statement, in or beside a picture file, on whether pictures may be mined or trained on.</summary>
public sealed record UseSignal
{
    /// <summary>Which vocabulary it is of, such as <c>plus:DataMining</c> or <c>cawg.training-mining</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it comes to.</summary>
    public required SignalStance Stance { get; init; }

    /// <summary>As written.</summary>
    public required string Value { get; init; }

    /// <summary>What that says, in plain words.</summary>
    public required string Says { get; init; }

    /// <summary>Where it stands: a field of the picture's file, or a file of the dataset and a line of it.</summary>
    public required string Place { get; init; }

    /// <summary>When it was read, UTC, to the second.</summary>
    public DateTimeOffset ReadUtc { get; init; }

    /// <summary>What of it was checked and what was not, in a sentence; null where nothing could be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Checked { get; init; }

    /// <summary>The same as read at a time.</summary>
    internal UseSignal At(DateTimeOffset time) =>
        this with
        {
            ReadUtc = DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()),
        };
}
