using DasAudit.Abstractions;
using DasAudit.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Latent;

/// <summary>LoRAs through the contract alone: what is attributed, what depends on weights, what is trained.</summary>
public sealed class LatentLoraTests : IDisposable
{
    private const string Peft = "sd-lora-tiny/lora/peft/pytorch_lora_weights.safetensors";
    private const string Kohya = "kohya-lora/sd/kohya.safetensors";

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, "unet/output_lora")]
    [InlineData(0.5, "unet/output_lora_scale0.5")]
    public void A_LoRA_changes_the_prediction_by_its_weight(double weight, string expected)
    {
        using var model = Load(Peft, weight);
        using var golden = LatentModelTests.Golden("sd-lora-tiny");
        using var noGradient = no_grad();
        var condition = new ConditionTensors(("encoder_hidden_states", golden.Read("unet/encoder_hidden_states")));

        var output = model.Predict(golden.Read("unet/sample"), golden.Read("unet/timesteps"), condition);

        LatentModelTests.AssertClose(golden.Read(expected), output);
    }

    [Fact]
    public void Its_parameters_alone_are_attributed_and_its_files_belong_to_the_model()
    {
        using var model = Load(Peft);

        var attributed = model
            .Network.named_parameters()
            .Where(parameter => model.IsAttributed(parameter.name))
            .ToList();

        Assert.Equal(9984, attributed.Sum(parameter => parameter.parameter.numel()));
        Assert.All(attributed, parameter => Assert.Contains(".lora_", parameter.name, StringComparison.Ordinal));
        Assert.Contains(GoldenFiles.PathOf(Peft), model.Files);
    }

    [Fact]
    public void One_that_changes_the_text_encoder_is_differentiated_through_the_prompt()
    {
        using var model = Load(Kohya);
        using var golden = SafetensorsFile.Open(GoldenFiles.PathOf("kohya-lora/sd/golden.safetensors"));
        using var inputs = LatentModelTests.Golden("sd-lora-tiny");
        var conditions = LatentModelTests.Prompts("sd-lora-tiny").Take(2).Select(prompt => new Condition(null, prompt));

        var encoded = ((IConditioned)model).EncodeConditions([.. conditions]);
        var output = model.Predict(inputs.Read("unet/sample"), inputs.Read("unet/timesteps"), encoded);

        Assert.Equal(["input_ids", "text_factor"], encoded.Names);
        LatentModelTests.AssertClose(golden.Read("unet/output_lora_text"), output.detach());
        Assert.Contains(
            model.Network.named_parameters(),
            parameter =>
                parameter.name.StartsWith("text_encoder.", StringComparison.Ordinal)
                && model.IsAttributed(parameter.name)
        );
    }

    [Fact]
    public void What_SDXL_does_not_take_of_its_first_text_encoder_is_not_attributed()
    {
        using var model = LatentModelTests.Load(
            "sdxl-tiny",
            new() { Loras = [new(GoldenFiles.PathOf("kohya-lora/sdxl/kohya.safetensors"))] }
        );
        string[] attributed =
        [
            .. model.Network.named_parameters().Select(named => named.name).Where(model.IsAttributed),
        ];

        bool Has(string layer) => attributed.Any(name => name.StartsWith(layer, StringComparison.Ordinal));
        Assert.True(Has("text_encoder.text_model.encoder.layers.0."));
        Assert.False(Has("text_encoder.text_model.encoder.layers.1."));
        Assert.True(Has("text_encoder_2.text_model.encoder.layers.2."));
    }

    [Fact]
    public void A_new_LoRA_changes_nothing_and_is_all_that_is_written()
    {
        using var target = new TempFolder();
        using var plain = LatentModelTests.Load("sd-lora-tiny");
        using var model = LatentModelTests.Load(
            "sd-lora-tiny",
            new()
            {
                NewLora = new() { Rank = 2, Alpha = 3 },
            }
        );
        using var golden = LatentModelTests.Golden("sd-lora-tiny");
        using var noGradient = no_grad();
        var condition = new ConditionTensors(("encoder_hidden_states", golden.Read("unet/encoder_hidden_states")));
        Tensor Predict(IDiffusionModel of) =>
            of.Predict(golden.Read("unet/sample"), golden.Read("unet/timesteps"), condition);

        Assert.Equal(0, (Predict(plain) - Predict(model)).abs().max().item<float>());
        foreach (var (name, parameter) in model.Network.named_parameters())
        {
            if (model.IsAttributed(name))
                parameter.add_(0.01);
        }
        ((ITrainable)model).Save(target.Path);
        using var trained = LatentModelTests.Load("sd-lora-tiny", new() { Loras = [new(target.Path)] });

        Assert.Equal(["pytorch_lora_weights.safetensors"], Directory.GetFiles(target.Path).Select(Path.GetFileName));
        Assert.True((Predict(plain) - Predict(model)).abs().max().item<float>() > 1e-3);
        LatentModelTests.AssertClose(Predict(model), Predict(trained), 1e-5);
    }

    [Fact]
    public void A_pixel_model_takes_none()
    {
        Assert.Contains(
            "{lora} is not supported",
            Assert
                .Throws<AuditException>(() =>
                    LatentModelTests.Load("ddpm-tiny", new() { Loras = [new(GoldenFiles.PathOf(Peft))] })
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    private static IDiffusionModel Load(string lora, double weight = 1) =>
        LatentModelTests.Load("sd-lora-tiny", new() { Loras = [new(GoldenFiles.PathOf(lora), weight)] });
}
