using System.Text.Json.Serialization;

namespace DasAudit.Core.Training;

/// <summary>How a batch is computed.</summary>
public abstract record BatchOptions
{
    /// <summary>
    /// Pictures that go through the network together, from 1; a batch is divided into such shards, which threads share.
    /// Sums are rounded otherwise where it is another, so that the weights are not the same to the last bit. On one
    /// thread a batch is fastest as one shard. Default null: 8, or 1 for a LoRA and where pictures have several shapes.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ShardSize { get; init; }
}
