using System.Runtime.InteropServices;
using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Lora;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

/// <summary>A LoRA's layers as parts of the network that they change.</summary>
public class LoraNetworkTests
{
    [Theory]
    [InlineData(LoraNetworks.Sd)]
    [InlineData(LoraNetworks.Sdxl)]
    public void They_leave_the_names_and_the_order_of_the_networks_own_parameters(string name)
    {
        using var networks = new LoraNetworks(name);
        var before = networks.Parameters("unet").Keys.ToList();

        networks.Apply(new LoraFile(LoraNetworks.Kohya(name)));

        var after = networks.Parameters("unet").Keys;
        Assert.Equal(before, after.Where(parameter => !LoraNames.IsLora(parameter)));
        Assert.Contains(after, LoraNames.IsLora);
    }

    [Fact]
    public void They_are_converted_and_moved_with_the_network()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(LoraNetworks.Sd)));
        nn.Module[] modules = [networks.Unet, networks.TextEncoder];

        foreach (var module in modules)
        {
            module.to(ScalarType.Float64);
            Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
            module.to(CPU, ScalarType.Float32);
            Assert.All(module.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        }
        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks.KohyaGolden("unet/output_lora")), 0, 1e-4);
        foreach (var module in modules)
        {
            module.to(META);
            Assert.All(module.parameters(), parameter => Assert.Equal(DeviceType.META, parameter.device_type));
        }
    }

    [Fact]
    public void They_are_disposed_with_the_network()
    {
        var networks = new LoraNetworks(LoraNetworks.Sd);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(LoraNetworks.Sd)));
        var parameters = networks.Parameters("unet").Concat(networks.Parameters("text_encoder")).ToList();
        Assert.Contains(parameters, parameter => LoraNames.IsLora(parameter.Key));

        networks.Dispose();

        Assert.All(parameters, parameter => Assert.True(parameter.Value.IsInvalid, parameter.Key));
    }

    [Fact]
    public void They_follow_the_mode_of_the_network_and_outlive_the_scope_they_were_made_in()
    {
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        using (NewDisposeScope())
            networks.Apply(new LoraFile(LoraNetworks.Kohya(LoraNetworks.Sd)));

        Assert.All(networks.Unet.modules(), module => Assert.False(module.training));
        Assert.All(networks.Parameters("unet"), parameter => Assert.False(parameter.Value.IsInvalid));
        using var scope = NewDisposeScope();
        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks.KohyaGolden("unet/output_lora")), 0, 1e-4);
    }

    [Theory]
    [InlineData(LoraNetworks.Sd)]
    [InlineData(LoraNetworks.Sdxl)]
    public void A_prediction_leaves_no_tensor_behind_but_its_output(string name)
    {
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(name);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(name)));
        using var tokens = networks[name == LoraNetworks.Sd ? "text/input_ids" : "text/input_ids_2"];
        void Run()
        {
            using (NewDisposeScope())
                networks.Predict();
            // Without a scope around it.
            (networks.TextEncoder2 ?? networks.TextEncoder)
                .call(tokens)
                .Dispose();
        }
        Run();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        Run();

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    /// <summary>The layer itself computes; its LoRA, whose weights were taken away, cannot.</summary>
    [Fact]
    public void An_exception_inside_comes_out_and_the_network_goes_on()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        var adapter = networks.Apply(new LoraFile(LoraOutputTests.Styled("peft"))).Single();
        var down = (TorchSharp.Modules.Linear)adapter.Changes[0].Factors.Down;
        var weight = down.weight.detach().clone();
        down.weight = new TorchSharp.Modules.Parameter(zeros(4, 5));

        Assert.ThrowsAny<ExternalException>(() => networks.Predict());

        down.weight = new TorchSharp.Modules.Parameter(weight);
        Assert.InRange(Golden.MaxAbs(networks.Predict(), networks["unet/output_lora"]), 0, 1e-4);
    }

    [Fact]
    public void The_global_generator_is_left_as_it_was()
    {
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        random.manual_seed(1);
        using var before = random.get_rng_state();

        networks.Apply(new LoraFile(LoraNetworks.Kohya(LoraNetworks.Sd)));
        NewLoraLayers.Attach(networks.Base, new NewLora { Modules = LoraModules.All }, 1);

        using var after = random.get_rng_state();
        Assert.Equal(before.data<byte>().ToArray(), after.data<byte>().ToArray());
    }
}
