using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>
/// Where the trained parameters lie in a flat vector: in the network's order, each as its model stores it (convolutions
/// channels-last), so that it can be a view of the vector. Each begins at a multiple of 64 bytes, as a tensor of its
/// own would: libtorch's matrix products may round otherwise elsewhere. What lies between them is zero and stays zero.
/// </summary>
internal sealed class ParameterLayout
{
    private const long Alignment = 64 / sizeof(float);
    private readonly List<Place> _places = [];
    private readonly long _length;
    private readonly Device _device;

    public ParameterLayout(IDiffusionModel model)
    {
        using var scope = NewDisposeScope();
        var parameters = TrainedParameters.Of(model);
        _device = parameters[0].Tensor.device;
        foreach (var (name, parameter) in parameters)
        {
            // Strides of the parameter where it fills its memory without gaps, else those of a contiguous one.
            var strides = empty_like(parameter).stride();
            _places.Add(new(name, parameter.shape, strides, _length));
            _length += (parameter.numel() + Alignment - 1) / Alignment * Alignment;
        }
    }

    /// <summary>A vector of zeros, float32 on the model's device; the caller disposes it.</summary>
    public Tensor Zeros() => zeros(_length, device: _device);

    /// <summary>Views of a vector: the parameters' shapes, in the caller's dispose scope.</summary>
    public IEnumerable<(string Name, Tensor View)> Views(Tensor flat) =>
        _places.Select(place => (place.Name, flat.as_strided(place.Shape, place.Strides, place.Offset)));

    /// <summary>The parameters' values one after the other, each row-major, in the caller's dispose scope.</summary>
    public Tensor ToRowMajor(Tensor flat) => cat([.. Views(flat).Select(place => place.View.flatten())]);

    /// <summary>The inverse of <see cref="ToRowMajor"/>.</summary>
    public void FromRowMajor(Tensor values, Tensor flat)
    {
        long offset = 0;
        foreach (var (_, view) in Views(flat))
        {
            view.copy_(values.narrow(0, offset, view.numel()).view(view.shape));
            offset += view.numel();
        }
    }

    private sealed record Place(string Name, long[] Shape, long[] Strides, long Offset);
}
