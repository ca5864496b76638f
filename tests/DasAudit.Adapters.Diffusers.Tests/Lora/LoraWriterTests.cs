using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Lora;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

public class LoraWriterTests
{
    /// <summary>Read again it is the same, whatever weight it was applied with; and it needs no assumption.</summary>
    [Theory]
    [InlineData(LoraNetworks.Sd, false)]
    [InlineData(LoraNetworks.Sd, true)]
    [InlineData(LoraNetworks.Sdxl, false)]
    [InlineData(LoraNetworks.Sdxl, true)]
    public void What_is_written_is_read_again(string name, bool half)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var folder = new TempFolder();
        using var networks = new LoraNetworks(name);
        using var reference = new LoraNetworks(name);
        var adapter = reference.Apply(new LoraFile(LoraNetworks.Kohya(name), 0.3)).Single();
        var path = folder["pytorch_lora_weights.safetensors"];

        LoraWriter.Write(adapter, path, half);
        var written = networks.Apply(new LoraFile(folder.Path)).Single();

        Assert.Empty(written.Notes);
        Assert.InRange(
            Golden.MaxAbs(networks.PredictPrompts(), networks.KohyaGolden("unet/output_lora_text")),
            0,
            2e-5
        );
        using var file = SafetensorsFile.Open(path);
        Assert.All(
            file.Names,
            tensor => Assert.Equal(half ? ScalarType.Float16 : ScalarType.Float32, file.Get(tensor).Type)
        );
    }

    /// <summary>The reference library's names and tensors, and the keys that it wrote into a file's metadata.</summary>
    [Fact]
    public void It_has_the_style_of_diffusers()
    {
        using var folder = new TempFolder();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        var peft = LoraOutputTests.Styled("peft");
        var adapter = networks.Apply(new LoraFile(peft)).Single();
        var path = folder["pytorch_lora_weights.safetensors"];

        LoraWriter.Write(adapter, path, halfPrecision: false);

        using var expected = SafetensorsFile.Open(peft);
        using var actual = SafetensorsFile.Open(path);
        Assert.Equal(expected.Names, actual.Names);
        foreach (var name in expected.Names)
        {
            using var scope = NewDisposeScope();
            Assert.Equal(0, Golden.MaxAbs(expected.Read(name), actual.Read(name)));
        }
        Assert.Equal("pt", actual.Metadata["format"]);
        using var json = JsonDocument.Parse(actual.Metadata["lora_adapter_metadata"]);
        Assert.Equal(4, json.RootElement.GetProperty("unet.r").GetInt32());
        Assert.Equal(4, json.RootElement.GetProperty("unet.lora_alpha").GetDouble());
        Assert.Empty(json.RootElement.GetProperty("unet.alpha_pattern").EnumerateObject());
        Assert.Equal(32, json.RootElement.GetProperty("unet.target_modules").GetArrayLength());
    }

    [Fact]
    public void A_convolution_between_a_and_b_is_written_as_a_part_of_a()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using var reference = new LoraNetworks(LoraNetworks.Sd);
        using var folder = new TempFolder();
        using var lora = new WrittenLora(LoraNetworks.Kohya(LoraNetworks.Sd));
        random.manual_seed(3);
        const string Module = "lora_unet_down_blocks_0_resnets_0_conv1";
        lora.Replace($"{Module}.lora_down.weight", randn(2, 32, 1, 1));
        lora.Replace($"{Module}.lora_mid.weight", randn(2, 2, 3, 3));
        var adapter = reference.Apply(new LoraFile(lora.Write())).Single();

        LoraWriter.Write(adapter, folder["lora.safetensors"], halfPrecision: false);
        networks.Apply(new LoraFile(folder["lora.safetensors"]));

        Assert.InRange(Golden.MaxAbs(networks.Predict(), reference.Predict()), 0, 1e-4);
    }
}
