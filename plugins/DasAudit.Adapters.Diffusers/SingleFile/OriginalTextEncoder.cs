using DasAudit.Safetensors;

namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>A text encoder of a single file, as far as names and shapes tell.</summary>
/// <param name="Part">What a pipeline of diffusers calls it, such as <c>text_encoder</c>.</param>
/// <param name="Prefix">What stands before each of its names in the file.</param>
/// <param name="IsOpenClip">Whether it has the names of OpenCLIP, not of transformers.</param>
internal sealed record OriginalTextEncoder(SafetensorsFile File, string Part, string Prefix, bool IsOpenClip)
{
    private const string ProjectionLayer = "text_projection.weight";

    /// <summary>Whether transformers' names have the word <c>text_model</c>, as in newer files.</summary>
    internal bool NamesItsModel => Has("text_model.final_layer_norm.weight");

    internal bool HasProjectionLayer => Has(ProjectionLayer);

    internal string ProjectionName => HasProjectionLayer ? ProjectionLayer : "text_projection";

    /// <summary>What stands before the number of a layer.</summary>
    internal string LayersPrefix => IsOpenClip ? "transformer.resblocks." : $"{Model}encoder.layers.";

    internal int LayerCount =>
        Enumerable.Range(0, int.MaxValue).TakeWhile(layer => Has($"{LayersPrefix}{layer}.{FirstNorm}")).Count();

    internal int VocabSize => Size(TokenEmbedding, 0);

    internal int HiddenSize => Size(TokenEmbedding, 1);

    internal int Positions => Size(PositionEmbedding, 0);

    internal int IntermediateSize => Size($"{LayersPrefix}0.{(IsOpenClip ? "mlp.c_fc" : "mlp.fc1")}.weight", 0);

    /// <summary>Width of the pooled embedding; the file must have a projection.</summary>
    internal int ProjectionDim => Size(ProjectionName, HasProjectionLayer ? 0 : 1);

    private string Model => NamesItsModel ? "text_model." : "";

    private string FirstNorm => IsOpenClip ? "ln_1.weight" : "layer_norm1.weight";

    private string TokenEmbedding =>
        IsOpenClip ? "token_embedding.weight" : $"{Model}embeddings.token_embedding.weight";

    private string PositionEmbedding =>
        IsOpenClip ? "positional_embedding" : $"{Model}embeddings.position_embedding.weight";

    private bool Has(string name) => File.TryGet(Prefix + name, out _);

    private int Size(string name, int dimension) =>
        File.Get(Prefix + name).Shape is { Count: 2 } shape
            ? (int)shape[dimension]
            : throw new AuditException(
                $"'{File.Path}' holds the tensor '{Prefix}{name}', which is no matrix; get the file again."
            );
}
