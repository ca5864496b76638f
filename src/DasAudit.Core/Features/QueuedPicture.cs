using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>A picture while batches are made of it; owns its tensors.</summary>
/// <param name="Index">Its position among those that were asked for.</param>
/// <param name="Values">What its <see cref="ModelPicture.Read"/> gave; empty for one that is followed.</param>
/// <param name="Encoded">On the model's device.</param>
internal sealed record QueuedPicture(int Index, string Name, float[] Values, EncodedPicture Encoded) : IDisposable
{
    /// <summary>Equal for pictures that fit into one batch.</summary>
    public string Shapes { get; } = Encoded.Shapes;

    /// <summary>What is known of it so far.</summary>
    public FeatureAssembly? Features { get; set; }

    /// <summary>How many of its noise draws are finished.</summary>
    public int Finished { get; set; }

    /// <summary>A picture of nothing, for timing.</summary>
    public static QueuedPicture Blank(IDiffusionModel model, Condition? condition)
    {
        using var scope = NewDisposeScope();
        return new(0, "noise", [], PictureBatches.EncodeBlank(model, condition).Detached());
    }

    public void Dispose() => Encoded.Dispose();
}

/// <summary>A noise draw of a picture.</summary>
internal sealed record Draw(QueuedPicture Picture, int Replicate);
