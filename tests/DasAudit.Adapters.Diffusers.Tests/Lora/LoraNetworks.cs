using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.ConditionalUnet;
using DasAudit.Adapters.Diffusers.Lora;
using DasAudit.Adapters.Diffusers.TextEncoders;
using DasAudit.Core.Torch;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

/// <summary>The networks of a pipeline of the reference library, to which LoRAs are applied.</summary>
internal sealed class LoraNetworks : IDisposable
{
    internal const string Sd = NetworkGolden.StableDiffusion;
    internal const string Sdxl = NetworkGolden.StableDiffusionXl;

    private readonly NetworkGolden _golden;

    internal LoraNetworks(string name)
    {
        Name = name;
        _golden = new NetworkGolden(name);
        Unet = _golden.Unet();
        TextEncoder = _golden.TextEncoder();
        TextEncoder2 = name == Sdxl ? _golden.TextEncoder("text_encoder_2") : null;
        List<LoraComponent> components = [new(LoraComponent.Unet, Unet), new(LoraComponent.TextEncoder, TextEncoder)];
        if (TextEncoder2 is not null)
            components.Add(new(LoraComponent.TextEncoder2, TextEncoder2));
        Base = new LoraBase(components, PredictsVelocity: false);
    }

    internal string Name { get; }

    internal UNet2DConditionModel Unet { get; }

    internal ClipTextModel TextEncoder { get; }

    internal ClipTextModel? TextEncoder2 { get; }

    internal LoraBase Base { get; }

    /// <summary>A tensor of the pipeline's golden file.</summary>
    internal Tensor this[string name] => _golden[name];

    /// <summary>The kohya file of the pipeline.</summary>
    internal static string Kohya(string name) => KohyaFile(name, "kohya.safetensors");

    internal static string KohyaFile(string name, string file) =>
        GoldenFiles.PathOf($"kohya-lora/{(name == Sdxl ? "sdxl" : "sd")}/{file}");

    /// <summary>A tensor that was computed with the kohya file.</summary>
    internal Tensor KohyaGolden(string tensor)
    {
        using var file = SafetensorsFile.Open(KohyaFile(Name, "golden.safetensors"));
        return file.Read(tensor);
    }

    /// <summary>The LoRA's parameters in the order of the kohya goldens, those of the U-Net first.</summary>
    internal IReadOnlyList<(string Component, Tensor Parameter)> KohyaParameters()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(KohyaFile(Name, "golden.json")));
        return
        [
            .. json
                .RootElement.GetProperty("lora_parameters")
                .EnumerateArray()
                .Select(item =>
                    Parameter(
                        item.GetProperty("component").GetString()!,
                        item.GetProperty("module").GetString()!,
                        item.GetProperty("file_key").GetString()!.Contains("lora_down", StringComparison.Ordinal)
                    )
                ),
        ];
    }

    internal (string Component, Tensor Parameter) Parameter(string component, string module, bool isDown) =>
        (component, Parameters(component)[$"{module}.{(isDown ? "lora_A" : "lora_B")}.default.weight"]);

    internal Dictionary<string, Tensor> Parameters(string component) =>
        Base
            .Components.Single(item => item.Name == component)
            .Network.named_parameters()
            .ToDictionary(named => named.name, named => (Tensor)named.parameter);

    /// <summary>Applies LoRAs as the host loads them.</summary>
    internal IReadOnlyList<LoraAdapter> Apply(params LoraFile[] files)
    {
        using var loader = LoraLoader.Open(Base, files);
        var adapters = loader.Apply();
        foreach (var component in Base.Components)
            ConvolutionLayout.UseChannelsLast(component.Network);
        return adapters;
    }

    /// <summary>Why a LoRA is refused: one sentence.</summary>
    internal string Refusal(string path)
    {
        var message = Assert.Throws<AuditException>(() => Apply(new LoraFile(path))).Message;
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain(Unet.named_parameters(), named => LoraNames.IsLora(named.name));
        return message;
    }

    /// <summary>The prediction from the golden text embeddings.</summary>
    internal Tensor Predict(int? row = null)
    {
        var added = TextEncoder2 is null
            ? null
            : new AddedConditions(Row("unet/text_embeds", row), Row("unet/time_ids", row));
        return Unet.call(
            Row("unet/sample", row),
            Row("unet/timesteps", row),
            Row("unet/encoder_hidden_states", row),
            added
        );
    }

    /// <summary>The prediction from the first two prompts.</summary>
    internal Tensor PredictPrompts(int? row = null) =>
        PredictPrompts(Row("unet/sample", row), Row("unet/timesteps", row), Rows(row));

    /// <param name="rows">Which of the prompts each row has, int64.</param>
    internal Tensor PredictPrompts(Tensor noisy, Tensor timesteps, Tensor rows)
    {
        var first = TextEncoder.call(this["text/input_ids"].index_select(0, rows));
        if (TextEncoder2 is null)
            return Unet.call(noisy, timesteps, first.LastHiddenState, null);
        var second = TextEncoder2.call(this["text/input_ids_2"].index_select(0, rows));
        return Unet.call(
            noisy,
            timesteps,
            cat([first.Penultimate, second.Penultimate], -1),
            new AddedConditions(second.Pooled, this["unet/time_ids"].index_select(0, rows))
        );
    }

    public void Dispose() => _golden.Dispose();

    private static Tensor Rows(int? row) =>
        row is { } index ? tensor(new long[] { index }) : tensor(new long[] { 0, 1 });

    private Tensor Row(string name, int? row) => this[name].index_select(0, Rows(row));
}
