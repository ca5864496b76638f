using DasAudit.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Training;

public sealed class ParameterLayoutTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Views_are_stored_as_the_parameters_are_each_at_a_multiple_of_64_bytes()
    {
        using var model = new TinyUnet();
        var layout = new ParameterLayout(model);
        var flat = layout.Zeros();
        foreach (var ((name, view), trained) in layout.Views(flat).Zip(TrainedParameters.Of(model)))
        {
            Assert.Equal(trained.Name, name);
            Assert.Equal(trained.Tensor.shape, view.shape);
            Assert.Equal(trained.Tensor.stride(), view.stride());
            Assert.Equal(0, view.storage_offset() % 16);
        }
    }

    [Fact]
    public void Row_major_values_come_back_as_they_were()
    {
        using var noGradient = no_grad();
        using var model = new TinyUnet(7);
        var layout = new ParameterLayout(model);
        var values = cat([.. model.Network.parameters().Select(parameter => parameter.flatten())]);
        var flat = layout.Zeros();
        layout.FromRowMajor(values, flat);

        foreach (var ((_, view), parameter) in layout.Views(flat).Zip(model.Network.parameters()))
            Assert.Equal(parameter.flatten().data<float>(), view.flatten().data<float>());
        Assert.Equal(values.data<float>(), layout.ToRowMajor(flat).data<float>());
        Assert.Equal(values.abs().sum().item<float>(), flat.abs().sum().item<float>(), 1e-3f);
    }
}
