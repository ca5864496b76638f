using System.Buffers.Binary;
using System.Text.Json;

namespace DasAudit.Adapters.Diffusers.Tests.SingleFile;

/// <summary>A safetensors file of published sizes; its values are a hole, so that only the header takes room.</summary>
internal sealed class SparseFile
{
    private readonly Dictionary<string, long[]> _shapes = new(StringComparer.Ordinal);

    internal long[] this[string name]
    {
        set => _shapes[name] = value;
    }

    internal Dictionary<string, string> Metadata { get; } = [];

    /// <summary>What is read of Stable Diffusion's U-Net to know it by its sizes.</summary>
    internal SparseFile Unet(long context)
    {
        this["model.diffusion_model.input_blocks.0.0.weight"] = [320, 4, 3, 3];
        this["model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight"] = [1280, context];
        return this;
    }

    /// <summary>What is read of OpenAI's text encoder.</summary>
    internal SparseFile Clip(string prefix)
    {
        this[$"{prefix}text_model.embeddings.token_embedding.weight"] = [49408, 768];
        this[$"{prefix}text_model.embeddings.position_embedding.weight"] = [77, 768];
        this[$"{prefix}text_model.encoder.layers.0.mlp.fc1.weight"] = [3072, 768];
        this[$"{prefix}text_model.final_layer_norm.weight"] = [768];
        for (var layer = 0; layer < 12; layer++)
            this[$"{prefix}text_model.encoder.layers.{layer}.layer_norm1.weight"] = [768];
        return this;
    }

    /// <summary>What is read of a text encoder of OpenCLIP.</summary>
    internal SparseFile OpenClip(string prefix, int layers, long width)
    {
        this[$"{prefix}token_embedding.weight"] = [49408, width];
        this[$"{prefix}positional_embedding"] = [77, width];
        this[$"{prefix}text_projection"] = [width, width];
        this[$"{prefix}transformer.resblocks.0.mlp.c_fc.weight"] = [4 * width, width];
        for (var layer = 0; layer < layers; layer++)
            this[$"{prefix}transformer.resblocks.{layer}.ln_1.weight"] = [width];
        return this;
    }

    internal void Write(string path)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = Metadata };
        long end = 0;
        foreach (var (name, shape) in _shapes)
        {
            var begin = end;
            end += 2 * shape.Aggregate(1L, (product, size) => product * size);
            header[name] = new
            {
                dtype = "F16",
                shape,
                data_offsets = new[] { begin, end },
            };
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        // Another test file of this name may be open still.
        File.Delete(path);
        using var file = File.Create(path);
        file.Write(length);
        file.Write(json);
        file.SetLength(length.Length + json.Length + end);
    }
}
